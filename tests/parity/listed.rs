//! What `zoo::list()` says of each network, against what torchvision says of its weights.

use convlens::zoo::{Listed, Model, list};
use serde_json::{Map, Value, json};

/// The row of a network.
pub fn listed(model: Model) -> Listed {
    list().unwrap().0.into_iter().find(|row| row.model == model).unwrap()
}

#[test]
fn torchvisions_networks_are_listed_as_it_publishes_them() {
    let published: Map<String, Value> =
        serde_json::from_str(include_str!("published.json")).unwrap();
    let mut compared = 0;
    for row in list().unwrap().0 {
        let Some(published) = published.get(row.model.name()) else { continue };
        compared += 1;
        if row.weights != "torchvision" {
            assert_eq!(row.parameters, published["parameters"], "{row}"); // set-up's own file is used
            continue;
        }
        let ours = json!({
            "file": row.model.file(),
            "parameters": row.parameters,
            "megabytes": row.megabytes,
            "input": row.input,
        });
        assert_eq!(&ours, published, "{}", row.model.name());
    }
    assert_eq!(compared, published.len());
}
