-- `masquec lsp` for masques: the language, persona YAML and mask JSON. For Neovim 0.7.2 and later.
--
--     require('masque').setup { cmd = { 'masquec', 'lsp' } }

local M = {}

local PATTERNS = { '*.masque', '*.masque.yaml', '*.masque.yml', '*.masque.json', '*.mask.json' }
-- What marks the root of a project.
local MARKS = { 'masque.toml', '.git' }

local options = { cmd = { 'masquec', 'lsp' } }
-- Clients by the root of their project.
local clients = {}

local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ':p:h')
  local at = folder
  while true do
    for _, mark in ipairs(MARKS) do
      if vim.loop.fs_stat(at .. '/' .. mark) then return at end
    end
    local above = vim.fn.fnamemodify(at, ':h')
    if above == at then return folder end
    at = above
  end
end

--- Attaches the language server of a buffer's project to it.
function M.attach(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  if file == '' then return end
  local root = root_of(file)
  local id = clients[root]
  if not (id and vim.lsp.get_client_by_id(id)) then
    local config = vim.tbl_extend('force', {
      name = 'masquec',
      root_dir = root,
      workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
      -- A file's type is not always the language's: personas are YAML and JSON to Neovim.
      get_language_id = function(_, filetype) return filetype end,
      on_exit = function() clients[root] = nil end,
    }, options)
    id = vim.lsp.start_client(config)
    if not id then return end
    clients[root] = id
  end
  vim.lsp.buf_attach_client(buffer, id)
end

--- Attaches the language server to every masque that is opened from now on, and to those that are open.
function M.setup(given)
  options = vim.tbl_extend('force', options, given or {})
  local group = vim.api.nvim_create_augroup('masque', { clear = true })
  vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
    group = group,
    pattern = PATTERNS,
    callback = function(event) M.attach(event.buf) end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buffer)
    for _, pattern in ipairs(PATTERNS) do
      if vim.api.nvim_buf_is_loaded(buffer) and vim.endswith(name, pattern:sub(2)) then
        M.attach(buffer)
        break
      end
    end
  end
end

return M
