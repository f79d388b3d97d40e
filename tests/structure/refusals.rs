//! Checks matches over refusals: each reason has its own arm.

use std::path::Path;
use syn::{
    Arm, ExprMatch, Pat,
    visit::{self, Visit},
};

/// The matches of a file that name a variant of an error or a denial and also have an arm for all
/// others. With such an arm, a new reason would get a code that nobody chose.
pub fn with_wildcard(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).expect("a file that was listed can be read");
    let parsed = syn::parse_file(&text).expect("the product is Rust");
    let mut found = Found::default();
    found.visit_file(&parsed);
    found.0.into_iter().map(|arm| format!("{}: {arm}", file.display())).collect()
}

#[derive(Default)]
struct Found(Vec<String>);

impl<'ast> Visit<'ast> for Found {
    fn visit_expr_match(&mut self, expression: &'ast ExprMatch) {
        let names: Vec<String> =
            expression.arms.iter().flat_map(|arm| reasons_in(&arm.pat)).collect();
        if !names.is_empty() && expression.arms.iter().any(takes_the_rest) {
            self.0.push(names.join(", "));
        }
        visit::visit_expr_match(self, expression);
    }
}

fn takes_the_rest(arm: &Arm) -> bool {
    arm.guard.is_none() && matches!(&arm.pat, Pat::Wild(_) | Pat::Ident(_))
}

/// The variants of errors and denials in a pattern.
fn reasons_in(pattern: &Pat) -> Vec<String> {
    #[derive(Default)]
    struct Names(Vec<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            let names: Vec<String> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let is_reason = |name: &str| name.ends_with("Error") || name.ends_with("Denial");
            if let [.., kind, variant] = names.as_slice()
                && is_reason(kind)
                // Internal errors are not a reason.
                && kind != "Error"
            {
                self.0.push(format!("{kind}::{variant}"));
            }
            visit::visit_path(self, path);
        }
    }
    let mut names = Names::default();
    names.visit_pat(pattern);
    names.0
}
