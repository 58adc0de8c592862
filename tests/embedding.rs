//! Maps of data: what can be counted by hand, and what must hold of any.

use convlens::embedding::*;
use convlens::neighbours::{Metric, nearest_others};
use convlens::show::{self, Cells};
use tch::{Device, Kind, Tensor};

/// `n` rows of 5 columns around three corners, the same everywhere.
fn three_groups(n: i64) -> (Tensor, Vec<String>) {
    let i = Tensor::arange(n * 5, (Kind::Double, Device::Cpu));
    let noise = ((i * 12.9898).sin() * 43758.5453).frac().view([n, 5]);
    let group: Vec<i64> = (0..n).map(|i| i % 3).collect();
    let corner =
        Tensor::eye(5, (Kind::Double, Device::Cpu)).index_select(0, &Tensor::from_slice(&group));
    let names = group.iter().map(i64::to_string).collect();
    ((corner * 4.0 + noise).to_kind(Kind::Float), names)
}

fn quick(engine: Engine) -> Tsne {
    let few = Tsne { perplexity: 6.0, exaggerated: 30, iterations: 70, engine, ..Tsne::default() };
    match engine {
        Engine::Linfa => Tsne { iterations: 370, init: Init::Random, ..few },
        _ => few,
    }
}

const ENGINES: [Engine; 3] = [Engine::BarnesHut, Engine::FitSne, Engine::Linfa];

#[test]
fn the_same_seed_gives_the_same_bits_and_another_one_others() {
    let (x, _) = three_groups(60);
    for engine in [Engine::BarnesHut, Engine::FitSne] {
        let tsne = Tsne { init: Init::Random, seed: 5, ..quick(engine) };
        let [a, b] = [0, 1].map(|_| tsne.run(&x).unwrap());
        assert_eq!(a.points, b.points, "{engine:?}");
        assert_eq!(a.curve, b.curve, "{engine:?}");
        let other = Tsne { seed: 6, ..tsne }.run(&x).unwrap();
        assert_ne!(a.points, other.points, "{engine:?}");
    }
}

/// Three corners 5.7 apart, noise of at most 1 a column: every engine must keep them apart.
#[test]
fn every_engine_finds_three_groups() {
    let (x, names) = three_groups(60);
    for engine in ENGINES {
        let map = Tsne { every: 40, ..quick(engine) }.run(&x).unwrap();
        assert_eq!(map.points.size(), [60, 2]);
        if engine != Engine::Linfa {
            assert_eq!(map.points, quick(engine).run(&x).unwrap().points); // watching moves nothing
        }
        let near = nearest_others(&map.points, 5, Metric::L2).unwrap();
        let strangers = |(i, near): (usize, &Vec<usize>)| {
            near.iter().filter(|&&j| names[i] != names[j]).count()
        };
        let strangers: usize = near.index.iter().enumerate().map(strangers).sum();
        assert!(strangers <= 6, "{engine:?}: {strangers} of 300"); // 200 by chance
        let at: Vec<usize> = map.curve.iter().map(|&(at, _)| at).collect();
        assert_eq!(at, if engine == Engine::Linfa { vec![400] } else { vec![40, 80, 100] });
        assert_eq!(map.curve.last().unwrap().1, map.divergence, "{engine:?}");
    }
}

#[test]
fn without_iterations_the_points_are_where_they_start() {
    let (x, _) = three_groups(61);
    let still = Tsne { exaggerated: 0, iterations: 0, ..quick(Engine::BarnesHut) };
    let map = still.run(&x).unwrap();
    let first = pca(&x, 2).unwrap().project(&x).unwrap();
    let scale = 1e-4 / first.select(1, 0).std(true).double_value(&[]);
    assert!(((first * scale - &map.points).abs().max().double_value(&[])) < 1e-9);
    assert!(map.curve.is_empty());
    // All points in one place: q is 1 / (61 * 60) for each pair, the divergence log(61 * 60) less
    // the entropy of p, which is below log(61 * 60) and above the logarithm of 61 * perplexity.
    let most = (61f64 * 60.0).ln() - (61f64 * 6.0).ln();
    assert!((0.0..most).contains(&map.divergence), "{} of {most}", map.divergence);
}

#[test]
fn more_threads_end_nearly_as_low() {
    let (x, _) = three_groups(60);
    let one = quick(Engine::BarnesHut).run(&x).unwrap().divergence;
    let two = Tsne { threads: 2, ..quick(Engine::BarnesHut) }.run(&x).unwrap().divergence;
    assert!((two / one - 1.0).abs() < 0.1, "{two} and {one}");
}

#[test]
fn what_does_not_fit_says_why() {
    let (x, _) = three_groups(30);
    let error = |tsne: Tsne| tsne.run(&x).unwrap_err().to_string();
    let most = "perplexity: expected 1 to 9.7, a third of the other rows, got 30";
    assert!(error(Tsne::default()).contains(most), "{}", error(Tsne::default()));
    let fits = || Tsne { perplexity: 9.0, ..Tsne::default() };
    assert!(error(Tsne { perplexity: f64::NAN, ..fits() }).contains("got NaN"));
    assert!(error(Tsne { theta: 0.0, ..fits() }).contains("above 0"));
    assert!(error(Tsne { every: 0, ..fits() }).contains("above 0"));
    assert!(error(Tsne { engine: Engine::Linfa, ..fits() }).contains("init Init::Random"));
    let linfa = Tsne { engine: Engine::Linfa, init: Init::Random, ..fits() };
    assert!(error(Tsne { exaggeration: 4.0, ..linfa }).contains("exaggeration 12"));
    let equal = Tensor::ones([30, 3], (Kind::Float, Device::Cpu));
    let same = fits().run(&equal).unwrap_err().to_string();
    assert!(same.contains("rows that differ"), "{same}");
    assert!(pca(&x, 6).unwrap_err().to_string().contains("k: expected 1 to 5, got 6"));
    assert!(pca(&x.narrow(0, 0, 1), 1).unwrap_err().to_string().contains("at least 2 rows"));
    assert!(trustworthiness(&x, &x, 15).unwrap_err().to_string().contains("below 30 / 2"));
    assert!(neighbours_kept(&x, &equal.narrow(0, 0, 7), 1).is_err());
    assert!(divergence(&x, &x, 5.0).unwrap_err().to_string().contains("[30, 2], got [30, 5]"));
    let one_group = vec!["a".to_string(); 30];
    assert!(silhouette(&x, &one_group).unwrap_err().to_string().contains("at least 2 groups"));
}

#[test]
fn all_components_restore_the_data() {
    let (x, _) = three_groups(17);
    let p = pca(&x, 5).unwrap();
    assert!((p.ratio.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    let again = p.restore(&p.project(&x).unwrap()).unwrap();
    assert!((again - &x).abs().max().double_value(&[]) < 1e-5);
    let one = pca(&x, 1).unwrap();
    let lost = (one.restore(&one.project(&x).unwrap()).unwrap() - &x).square().sum(Kind::Double);
    let expected = p.variance[1..].iter().sum::<f64>() * 16.0; // over n - 1
    assert!((lost.double_value(&[]) / expected - 1.0).abs() < 1e-4);
}

/// All orders of some numbers.
fn orders(left: Vec<usize>) -> Vec<Vec<usize>> {
    if left.is_empty() {
        return vec![vec![]];
    }
    let with = |&first: &usize| {
        let rest = left.iter().copied().filter(|&i| i != first).collect();
        orders(rest).into_iter().map(move |mut order| {
            order.insert(0, first);
            order
        })
    };
    left.iter().flat_map(with).collect()
}

#[test]
fn no_other_assignment_moves_the_photos_less() {
    let at = [[0.0, 0.0], [0.1, 0.2], [0.2, 0.1], [1.0, 0.3], [0.3, 1.0], [0.9, 0.9f32]];
    let points = Tensor::from_slice(&at.concat()).view([6, 2]);
    let cells = arrange(&points, [2, 3], Form::Assigned).unwrap();
    let way = |photo: usize, cell: usize| {
        let [x, y] = at[photo].map(f64::from);
        let (row, column) = ((1.0 - y) * 2.0, x * 3.0);
        (row - (cell / 3) as f64 - 0.5).powi(2) + (column - (cell % 3) as f64 - 0.5).powi(2)
    };
    let total = |order: &[usize]| (0..6).map(|cell| way(order[cell], cell)).sum::<f64>();
    let ours: Vec<usize> = cells.photo.iter().map(|photo| photo.unwrap()).collect();
    let best = orders((0..6).collect()).iter().map(|o| total(o)).fold(f64::MAX, f64::min);
    assert!((total(&ours) - best).abs() < 0.01, "{} for {best}", total(&ours));
    let small = arrange(&points, [1, 5], Form::Assigned).unwrap_err().to_string();
    assert!(small.contains("size: expected 6 cells, got 5"), "{small}");
    assert!(arrange(&points, [0, 5], Form::Nearest).is_err());
}

#[test]
fn the_map_stands_upright_on_the_grid() {
    let points = Tensor::from_slice(&[0f32, 0.0, 5.0, 0.0, 0.0, 2.0]).view([3, 2]);
    let cells = arrange(&points, [2, 2], Form::InPlace).unwrap();
    // The third has the larger second coordinate: top left.
    assert_eq!(cells.photo, [Some(2), None, Some(0), Some(1)]);
    let features = Tensor::from_slice(&[0f32, 3.0, 10.0]).view([3, 1]);
    let seams = seams(&cells, &features).unwrap();
    assert_eq!(seams, [[None, Some(10.0)], [None, None], [Some(3.0), None], [None, None]]);
    assert!(embedding_seams_error(&cells).contains("a row for photo 2"));
}

fn embedding_seams_error(cells: &Cells) -> String {
    seams(cells, &Tensor::ones([2, 1], (Kind::Float, Device::Cpu))).unwrap_err().to_string()
}

/// Mean distances to the own group and to the other: 1 and 10, 1 and 9; the third is alone.
#[test]
fn a_point_alone_in_its_group_counts_nothing() {
    let points = Tensor::from_slice(&[0f32, 0.0, 1.0, 0.0, 10.0, 0.0]).view([3, 2]);
    let found = silhouette(&points, &["a", "a", "b"].map(String::from)).unwrap();
    assert!((found - (9.0 / 10.0 + 8.0 / 9.0) / 3.0).abs() < 1e-7, "{found}");
}

#[test]
fn pictures_say_what_they_show() {
    let points = Tensor::from_slice(&[0f32, 0.0, 4.0, 0.0, 0.0, 2.0]).view([3, 2]);
    let names = ["cat", "dog", "cat"].map(String::from);
    let map = show::scatter(&points, &names).unwrap();
    assert_eq!(map.alt, "3 points of 2 groups; across 0 to 4, up 0 to 2, same scale");
    assert!(show::scatter(&points, &names[..2]).is_err());
    let photos = Tensor::rand([3, 1, 4, 6], (Kind::Float, Device::Cpu));
    let figure = show::thumbnails(&points, &photos, 30).unwrap();
    assert_eq!(figure.size(), [640, 640]);
    assert!(show::thumbnails(&points, &photos.narrow(0, 0, 2), 30).is_err());
    let cells = arrange(&points, [2, 3], Form::InPlace).unwrap();
    let seams = seams(&cells, &points).unwrap();
    let mosaic = show::mosaic(&photos, &cells, &seams).unwrap();
    assert!(mosaic.alt.starts_with("3 of 6 cells with photos, 2 rows by 3 columns"));
    let strange = Cells { photo: vec![Some(3); 6], ..cells };
    assert!(show::mosaic(&photos, &strange, &[]).unwrap_err().to_string().contains("0..3"));
}
