//! Codes about claims: what a masque promises with `ensure`.

codes! {
    CLAIM_REFUTED 901 Error "claim-refuted" "an `ensure` is wrong for some intent";
    CLAIM_UNDECIDED 902 Error "claim-undecided" "an `ensure` could not be proved within the limits of the search";
}
