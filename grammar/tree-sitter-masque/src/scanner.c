// What the grammar cannot say: whether a field's value begins on the line of its name, and whether a hole ends in the text that it stands in.
// All tokens are decided by what lies ahead; nothing is remembered.

#include "tree_sitter/parser.h"

#include <string.h>

enum Token { GAP, NO_VALUE, LINE_HOLE, BLOCK_HOLE, LINE_BRANCH, BLOCK_BRANCH, QUOTE, IMPOSSIBLE };

void *tree_sitter_masque_external_scanner_create(void) { return NULL; }
void tree_sitter_masque_external_scanner_destroy(void *payload) { (void)payload; }
unsigned tree_sitter_masque_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_masque_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

static bool ends_line(TSLexer *lexer) {
  switch (lexer->lookahead) {
    case '\n':
    case '\r':
    case '}':
    case '#':
      return true;
    default:
      return lexer->eof(lexer);
  }
}

static bool field(TSLexer *lexer) {
  bool parted = false;
  lexer->mark_end(lexer);
  while (lexer->lookahead == ' ' || lexer->lookahead == '\t') {
    parted = true;
    lexer->advance(lexer, false);
  }
  if (ends_line(lexer)) {
    lexer->result_symbol = NO_VALUE;
    return true;
  }
  lexer->result_symbol = GAP;
  // Quotes and brackets part a value from its name by themselves.
  return parted || lexer->lookahead == '"' || lexer->lookahead == '[' || lexer->lookahead == '{';
}

static bool blank(int32_t sign) { return sign == ' ' || sign == '\t' || sign == '\r' || sign == '\n'; }

// What a hole holds, as far as its first words tell.
enum Words { FIRST, ELSE, ELSE_IF, END, OTHER };

// The state after one more sign of a hole: `word` is what of the present word was read, at most four letters, or -1 in a word that is none of these.
typedef struct {
  enum Words words;
  char word[5];
  int length;
} Head;

static void end_word(Head *head) {
  if (head->length == 0) return;
  head->word[head->length < 0 ? 0 : head->length] = 0;
  bool first = head->words == FIRST;
  if (head->length < 0) {
    if (first || head->words == END || head->words == ELSE) head->words = OTHER;
  } else if (first && strcmp(head->word, "else") == 0) {
    head->words = ELSE;
  } else if (first && strcmp(head->word, "end") == 0) {
    head->words = END;
  } else if (head->words == ELSE && strcmp(head->word, "if") == 0) {
    head->words = ELSE_IF;
  } else if (head->words != ELSE_IF) {
    head->words = OTHER;
  }
  head->length = 0;
}

static void add(Head *head, int32_t sign) {
  if (blank(sign) || sign == '(') {
    end_word(head);
  } else if (head->length < 0 || head->length == 4 || sign < 'a' || sign > 'z') {
    head->length = -1;
  } else {
    head->word[head->length++] = (char)sign;
  }
}

// `{`, if a `}` follows outside of quotes. Text in one line ends with the line, and quotes in it are escaped.
static bool hole(TSLexer *lexer, bool block) {
  // `\{` stands for a brace, and a brace begins a hole, however it is written.
  if (!block && lexer->lookahead == '\\') lexer->advance(lexer, false);
  if (lexer->lookahead != '{') return false;
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  Head head = {FIRST, {0}, 0};
  bool quoted = false;
  while (!lexer->eof(lexer)) {
    int32_t sign = lexer->lookahead;
    if (sign == '\n' || sign == '\r') {
      if (!block || quoted) return false;
    } else if (sign == '"') {
      if (!block) return false;
      quoted = !quoted;
    } else if (sign == '\\' && !block) {
      lexer->advance(lexer, false);
      if (lexer->lookahead == '"') quoted = !quoted;
      if (lexer->lookahead == '\n' || lexer->lookahead == '\r' || lexer->lookahead == '{' || lexer->eof(lexer)) return false;
    } else if (!quoted && sign == '{') {
      // `{{` is a brace, and a hole in a hole is a mistake.
      return false;
    } else if (!quoted && sign == '}') {
      end_word(&head);
      bool branch = head.words == ELSE || head.words == ELSE_IF || head.words == END;
      lexer->result_symbol = branch ? (block ? BLOCK_BRANCH : LINE_BRANCH) : (block ? BLOCK_HOLE : LINE_HOLE);
      return true;
    }
    add(&head, sign);
    lexer->advance(lexer, false);
  }
  return false;
}

static bool quote(TSLexer *lexer) {
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  lexer->result_symbol = QUOTE;
  if (lexer->lookahead != '"') return true;
  lexer->advance(lexer, false);
  return lexer->lookahead != '"';
}

bool tree_sitter_masque_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[IMPOSSIBLE]) return false;
  if (valid[GAP] || valid[NO_VALUE]) return field(lexer);
  if (valid[QUOTE] && lexer->lookahead == '"') return quote(lexer);
  if (valid[BLOCK_HOLE] || valid[BLOCK_BRANCH]) return hole(lexer, true);
  return (valid[LINE_HOLE] || valid[LINE_BRANCH]) && hole(lexer, false);
}
