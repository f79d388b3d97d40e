//! Cycles among modules, and their layers if there is no cycle.

use crate::imports::Arrows;
use std::{collections::BTreeMap, fmt::Write};

/// One cycle, which ends with its first module; `None` if there is none.
pub fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    arrows.keys().find_map(|start| {
        let mut way = vec![start.clone()];
        leads_back(arrows, start, &mut way, &mut Vec::new()).then_some(way)
    })
}

fn leads_back(arrows: &Arrows, start: &str, way: &mut Vec<String>, seen: &mut Vec<String>) -> bool {
    let last = way.last().cloned().unwrap_or_default();
    for next in arrows.get(&last).into_iter().flatten() {
        if next == start {
            way.push(next.clone());
            return true;
        }
        if !seen.contains(next) {
            seen.push(next.clone());
            way.push(next.clone());
            if leads_back(arrows, start, way, seen) {
                return true;
            }
            way.pop();
        }
    }
    false
}

/// The modules in layers from the bottom up, one layer per paragraph. Each module imports only from
/// lower layers.
pub fn layers(arrows: &Arrows) -> String {
    let mut layer_of: BTreeMap<&str, usize> = BTreeMap::new();
    while layer_of.len() < arrows.len() {
        let before = layer_of.len();
        for (module, imported) in arrows {
            let below: Option<Vec<usize>> =
                imported.iter().map(|name| layer_of.get(name.as_str()).copied()).collect();
            if let Some(below) = below.filter(|_| !layer_of.contains_key(module.as_str())) {
                layer_of.insert(module, below.into_iter().max().map_or(0, |layer| layer + 1));
            }
        }
        assert!(layer_of.len() > before, "there is a circle: the other test names it");
    }
    let mut picture = String::new();
    for layer in 0..=layer_of.values().copied().max().unwrap_or_default() {
        let _ = writeln!(picture, "layer {layer}");
        for (module, _) in layer_of.iter().filter(|(_, of)| **of == layer) {
            let imported: Vec<&str> = arrows[*module].iter().map(String::as_str).collect();
            let arrow = if imported.is_empty() { "" } else { " → " };
            let _ = writeln!(picture, "  {module}{arrow}{}", imported.join(", "));
        }
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::{circle, layers};
    use crate::imports::Arrows;

    fn arrows(of: &[(&str, &[&str])]) -> Arrows {
        of.iter()
            .map(|(from, to)| ((*from).to_owned(), to.iter().map(|to| (*to).to_owned()).collect()))
            .collect()
    }

    #[test]
    fn a_circle_is_found_wherever_it_begins() {
        let with_circle = arrows(&[("a", &["b"]), ("b", &["c"]), ("c", &["d"]), ("d", &["b"])]);
        assert_eq!(
            circle(&with_circle).as_deref(),
            Some(["b", "c", "d", "b"].map(str::to_owned).as_slice())
        );
        assert_eq!(circle(&arrows(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])])), None);
    }

    #[test]
    fn a_module_stands_above_all_that_it_imports() {
        let picture = layers(&arrows(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])]));
        assert_eq!(picture, "layer 0\n  c\nlayer 1\n  b → c\nlayer 2\n  a → b, c\n");
    }
}
