//! Codes that the checker and the code generator report: values, identity, intent rules, access, the compiled program.

codes! {
    MISSING_FIELD 201 Error "missing-field" "a required field is not there";
    BLANK_VALUE 202 Error "blank-value" "a text that has to say something is empty";
    NOT_ONE_LINE 203 Error "not-one-line" "a text that is shown on one line holds a line break or another control character";
    NAME_FROM_FILE 204 Warning "name-from-file" "`name` is left out and taken from the file's name";
    INVALID_ID 205 Error "invalid-id" "an id is not made of lower-case words joined by dots";
    NO_ID_IN_NAME 206 Error "no-id-in-name" "the name has letters that no id can have, and no `id` is given";
    VERSION_SHORTHAND 207 Warning "version-shorthand" "a version is written short and taken in full";
    INVALID_VERSION 208 Error "invalid-version" "a version is not a semantic version";
    MISSING_RING 209 Warning "missing-ring" "`ring` is left out and taken as `player`";
    TWO_LENSES 211 Error "two-lenses" "`lens` and `prompt.persona` both say how to think";
    OVER_LIMIT 212 Error "over-limit" "a text or a list is larger than a masque may hold";
    INVALID_SKILL_URI 213 Error "invalid-skill-uri" "a skill is not named by a `skill://` URI";
    DUPLICATE_SKILL 214 Warning "duplicate-skill" "a skill is claimed twice";
    INVALID_DATE 215 Error "invalid-date" "a date is not an RFC 3339 date or date-time";
    DUPLICATE_SERVER 216 Error "duplicate-server" "two bundled MCP servers have one name";
    TRANSPORT_MISMATCH 217 Error "transport-mismatch" "an MCP server has a field that its type does not take";
    TRANSPORT_INFERRED 218 Warning "transport-inferred" "an MCP server's `type` is left out and inferred";
    INVALID_SERVER_URL 219 Error "invalid-server-url" "an MCP server's address is not an `http://` or `https://` URL";
    NO_SPINNER_VERBS 220 Warning "no-spinner-verbs" "`spinnerVerbs` lists no verb";
    EMPTY_TEST 221 Warning "empty-test" "a test expects nothing";
    DUPLICATE_INDEX 222 Error "duplicate-index" "two masques of one build have one index";
    DUPLICATE_MASQUE 223 Error "duplicate-masque" "two masques of one build have one id and one version";

    NO_RULES 301 Warning "no-rules" "an intent block without rules allows nothing";
    ONLY_DENIES 302 Warning "only-denies" "an intent block that only denies allows nothing";
    EMPTY_PATTERN 303 Error "empty-pattern" "a pattern is empty";
    INVALID_PATTERN 304 Error "invalid-pattern" "a pattern is not a well-formed glob";
    HIDDEN_CHARACTER 305 Error "hidden-character" "a pattern holds a character that no accepted intent can hold";
    INFLECTED_VERB 306 Warning "inflected-verb" "a pattern begins with an inflected verb, which is taken literally";
    DUPLICATE_RULE 307 Warning "duplicate-rule" "a pattern stands twice in one list";
    OVERRULED_ALLOW 308 Warning "overruled-allow" "a pattern is both allowed and denied, so the allow never decides";

    ACCESS_WITHOUT_INTENT 401 Error "access-without-intent" "credentials are asked for without saying for what";
    MISSING_TTL 402 Warning "missing-ttl" "`access.ttl` is left out and taken as `session`";
    INVALID_TTL 403 Error "invalid-ttl" "a ttl is neither `session` nor a duration";
    INEXACT_TTL 404 Error "inexact-ttl" "a ttl counts in years, months or fractions";
    TTL_OUT_OF_RANGE 405 Error "ttl-out-of-range" "a ttl is zero or longer than a credential may live";
    INVALID_KNOWLEDGE_URI 406 Error "invalid-knowledge-uri" "a knowledge pointer is not an `mcp://` URI";
    DUPLICATE_KNOWLEDGE 407 Warning "duplicate-knowledge" "a knowledge pointer is listed twice";
    PATTERN_TOO_LARGE 501 Error "pattern-too-large" "a pattern needs more states than an automaton may have";
}
