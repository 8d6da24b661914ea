//! Parameters, claims and other files, from IR to manifest.

use masque_abi::manifest as wire;
use masque_ir as ir;

pub(super) fn param(param: &ir::Param) -> wire::Param {
    let (kind, one_of) = match &param.kind {
        ir::ParamType::Bool => (wire::ParamType::Bool, Vec::new()),
        ir::ParamType::Int => (wire::ParamType::Int, Vec::new()),
        ir::ParamType::String => (wire::ParamType::String, Vec::new()),
        ir::ParamType::Duration => (wire::ParamType::Duration, Vec::new()),
        ir::ParamType::Ring => (wire::ParamType::Ring, Vec::new()),
        ir::ParamType::Version => (wire::ParamType::Version, Vec::new()),
        ir::ParamType::OneOf(values) => (wire::ParamType::Choice, values.clone()),
    };
    wire::Param { name: param.name.clone(), kind, one_of, default: param.default.clone() }
}

pub(super) fn ensure(ensure: &ir::Ensure) -> wire::Ensure {
    let pattern = |(mode, pattern): &(ir::MatchMode, String)| wire::EnsuredPattern {
        mode: super::mode(*mode),
        pattern: pattern.clone(),
    };
    wire::Ensure {
        claim: match ensure.claim {
            ir::Claim::Never => wire::Claim::Never,
            ir::Claim::Always => wire::Claim::Always,
        },
        patterns: ensure.patterns.iter().map(pattern).collect(),
        when: ensure.when.map(|ir::ConditionId(condition)| condition),
        file: ensure.place.file,
        at: super::place(ensure.place),
    }
}

pub(super) fn inherited(inherited: &ir::Inherited) -> wire::Inherited {
    wire::Inherited {
        role: match inherited.role {
            ir::InheritedRole::Ancestor => wire::InheritedRole::Ancestor,
            ir::InheritedRole::Library => wire::InheritedRole::Library,
        },
        reference: inherited.reference.clone(),
        file: inherited.source.name.clone(),
        version: inherited.version.to_string(),
        sha256: super::sha256(inherited.source.text.as_bytes()),
    }
}

pub(super) fn widened(widened: &ir::Widened) -> wire::Widened {
    match widened {
        ir::Widened::Ring => wire::Widened::Ring,
        ir::Widened::Access => wire::Widened::Access,
    }
}
