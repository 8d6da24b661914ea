-- Does what a person does: looks at what is wrong, takes the first fix, saves.
local log = io.open(vim.env.HOME .. '/log', 'w')
local function say(...) log:write(table.concat({ ... }, ' '), '\n') log:flush() end

local function work()
  vim.ui.select = function(items, _, chosen) say('offered', vim.inspect(items)) chosen(items[1], 1) end
  require('masque').setup { cmd = { vim.env.MASQUEC, 'lsp' } }
  local buffer = vim.api.nvim_get_current_buf()
  local found = function() return vim.diagnostic.get(buffer) end
  assert(vim.wait(30000, function() return #found() > 0 end, 20), 'nothing is found')
  say('found', #found(), found()[1].message)
  local place = found()[1]
  vim.api.nvim_win_set_cursor(0, { place.lnum + 1, place.col })
  local before = vim.api.nvim_buf_get_changedtick(buffer)
  vim.lsp.buf.code_action()
  assert(vim.wait(30000, function() return vim.api.nvim_buf_get_changedtick(buffer) ~= before end, 20), 'no fix is applied')
  assert(vim.wait(30000, function() return #found() == 0 end, 20), 'it is still wrong: ' .. vim.inspect(found()))
  say('left', #found())
  vim.cmd('write')
end

local ok, wrong = pcall(work)
if not ok then say('failed', tostring(wrong)) io.stderr:write(tostring(wrong), '\n') end
log:close()
vim.cmd(ok and 'qall!' or 'cquit!')
