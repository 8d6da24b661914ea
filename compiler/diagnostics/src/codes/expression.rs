//! Codes about names, types and expressions: what a masque says about the session that it is worn in.

codes! {
    UNKNOWN_NAME 701 Error "unknown-name" "an expression names something that is not there";
    TYPE_MISMATCH 702 Error "type-mismatch" "an operator stands between values that it can't compare";
    NOT_A_CONDITION 703 Error "not-a-condition" "a value stands where something true or false is wanted";
    UNKNOWN_VALUE 704 Error "unknown-value" "a text is none of the values that a parameter may have";
    NOT_SHOWN 705 Error "not-shown" "a truth value or a list stands where text is wanted";
    UNKNOWN_FUNCTION 706 Error "unknown-function" "a function is called that is not there";
    WRONG_ARGUMENTS 707 Error "wrong-arguments" "a function is called with other values than it takes";
    NAME_TAKEN 708 Error "name-taken" "a parameter or a `let` has a name that stands for something else";
    INVALID_PARAM 709 Error "invalid-param" "a parameter's type allows too little";
    INVALID_DEFAULT 710 Error "invalid-default" "a parameter's default is no value of its type";
    COMPOSED_TEXT 711 Error "composed-text" "a text that is put together from the session is looked into";
    MISPLACED_SET 712 Error "misplaced-set" "an intent set stands where a value is wanted";
    TOO_MANY_GUARDS 713 Error "too-many-guards" "the rules of a masque have more than eight distinct conditions";
    CONDITION_TOO_LARGE 714 Error "condition-too-large" "a condition or a template is nested too deeply";
    ALWAYS_HOLDS 715 Warning "always-holds" "a condition holds in every session";
    UNREACHABLE 716 Warning "unreachable" "a condition holds in no session, so that what it guards is never there";
    UNUSED_NAME 717 Warning "unused-name" "a parameter or a `let` is never used";
    INVALID_LITERAL 718 Error "invalid-literal" "a number, duration or version is not one that a session can have";
    INVALID_SETTING 719 Error "invalid-setting" "a test sets something that a session does not have, or to no value of its type";
    UNSET_PARAM 720 Error "unset-param" "a test leaves out a parameter that has to be set";
}
