//! Codes about what a project and its sources say of other findings.

codes! {
    UNUSED_ALLOWANCE 31 Warning "unused-allowance" "a comment allows a finding that is not there";
    ALLOWANCE_WITHOUT_REASON 32 Error "allowance-without-reason" "a comment allows a finding without saying why";
    UNKNOWN_CODE 33 Error "unknown-code" "a code of findings is named that does not exist";
    NOT_ALLOWABLE 34 Error "not-allowable" "an error is to be allowed";
    MALFORMED_ALLOWANCE 35 Error "malformed-allowance" "a comment for masquec can't be read";
    INVALID_PROJECT_FILE 36 Error "invalid-project-file" "`masque.toml` can't be read, or says something that is not known";
}
