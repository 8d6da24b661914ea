//! Codes about what spans several files: references, intent sets, and what a child may have more of than its parent.

codes! {
    INVALID_REFERENCE 801 Error "invalid-reference" "a reference to another file can't be read";
    UNKNOWN_REFERENCE 802 Error "unknown-reference" "no file stands for a reference";
    VERSION_OUT_OF_RANGE 803 Error "version-out-of-range" "no version of a file fits its reference";
    AMBIGUOUS_REFERENCE 804 Error "ambiguous-reference" "two files of one version stand for a reference";
    REFERENCE_CYCLE 805 Error "reference-cycle" "files refer to each other in a circle";
    NOT_A_MASQUE 806 Error "not-a-masque" "a masque extends a library";
    NOT_A_LIBRARY 807 Error "not-a-library" "`use` names a masque";
    CHAIN_TOO_LONG 808 Error "chain-too-long" "a masque has more ancestors than it may have";
    BROKEN_REFERENCE 809 Error "broken-reference" "a file that is referred to does not compile";

    UNKNOWN_SET 821 Error "unknown-set" "no intent set has this name";
    DUPLICATE_SET 822 Error "duplicate-set" "two intent sets, or two libraries, have one name in a file";
    SET_CYCLE 823 Error "set-cycle" "intent sets hold each other in a circle";
    EMPTY_SET 824 Warning "empty-set" "an intent set holds no pattern";
    UNUSED_LIBRARY 825 Warning "unused-library" "a library is used by name alone";

    WIDER_RING 831 Error "wider-ring" "a masque is open to a ring that its parent is closed to";
    WIDER_ACCESS 832 Error "wider-access" "a masque asks for a credential that its parent does not have";
    WIDENS_NOTHING 833 Warning "widens-nothing" "`widen` stands where nothing is wider";
    ALSO_WITHOUT_PARENT 834 Warning "also-without-parent" "`allow also` stands in a masque without a parent";
    TOO_MANY_CONDITIONS 837 Error "too-many-conditions" "the rules of a masque have more conditions than they may have";

    TONE_CONFLICT 841 Error "tone-conflict" "two parts of a blend speak in tones that clash";
}
