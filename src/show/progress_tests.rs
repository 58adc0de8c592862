use super::*;

fn seconds(n: f64) -> Duration {
    Duration::from_secs_f64(n)
}

#[test]
fn short_loops_say_nothing() {
    let start = Instant::now();
    let mut lines = Lines::new("quick", Some(10), start);
    lines.done = 9;
    assert_eq!(lines.due(start + seconds(4.9)), None);
    assert_eq!(lines.last(start + seconds(4.9)), None);
}

#[test]
fn long_loops_say_a_line_every_five_seconds_and_one_at_the_end() {
    let start = Instant::now();
    let mut lines = Lines::new("covering", Some(40), start);
    lines.done = 10;
    // 10 of 40 in 6 s: 0.6 s each, 18 s for the other 30.
    let line = lines.due(start + seconds(6.0)).unwrap();
    assert_eq!(line, "covering: 10/40 (25%), 6 s, about 18 s left");
    assert_eq!(lines.due(start + seconds(10.0)), None, "4 s after the last line");
    lines.done = 40;
    assert_eq!(lines.last(start + seconds(24.0)).unwrap(), "covering: 40/40 (100%), 24 s");
    assert_eq!(lines.last(start + seconds(25.0)), None, "the end is told once");
}

#[test]
fn loops_of_unknown_or_no_length() {
    let start = Instant::now();
    let mut lines = Lines::new("reading", None, start);
    lines.done = 3;
    assert_eq!(lines.due(start + seconds(7.0)).unwrap(), "reading: 3, 7 s");
    assert_eq!(progress("nothing", Vec::<i64>::new()).count(), 0);
    assert_eq!(progress("some", vec![5, 6]).collect::<Vec<_>>(), [5, 6]);
    assert_eq!(progress("some", 0..7).size_hint(), (7, Some(7)));
}
