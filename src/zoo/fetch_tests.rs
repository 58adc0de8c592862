use super::*;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const BODY: &[u8] = b"abc";
const FILE: &str = "abc-ba7816bf.pth"; // its sha256 begins so

/// What a server does with a request.
#[derive(Clone, Copy)]
enum Answer {
    /// All of the file, or the rest of it if that is what was asked for.
    Whole,
    /// Half of it, then nothing more.
    Half,
    /// All of it whatever was asked for.
    NoRanges,
    Missing,
}

/// A server on this machine that gives these answers, one after the other, and keeps the requests.
struct Server {
    site: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(answers: Vec<Answer>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = format!("http://{}/models", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(vec![]));
        let kept = requests.clone();
        std::thread::spawn(move || {
            for answer in answers {
                let (stream, _) = listener.accept().unwrap();
                kept.lock().unwrap().push(serve(stream, answer));
            }
        });
        Server { site, requests }
    }

    fn fetch(&self, file: &str, folder: &Path) -> Result<PathBuf> {
        Published { file, megabytes: 1, site: &self.site }.fetch(folder)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, answer: Answer) -> String {
    let mut request = String::new();
    let mut bytes = [0; 1];
    while !request.ends_with("\r\n\r\n") {
        stream.read_exact(&mut bytes).unwrap();
        request.push(bytes[0] as char);
    }
    let from = request.split("bytes=").nth(1).map_or(0, |r| r[..1].parse::<usize>().unwrap());
    let (status, start, end) = match answer {
        Answer::Whole if from > 0 => ("206 Partial Content", from, BODY.len()),
        Answer::Whole | Answer::NoRanges => ("200 OK", 0, BODY.len()),
        Answer::Half => ("200 OK", 0, 1),
        Answer::Missing => ("404 Not Found", 0, 0),
    };
    let length = if matches!(answer, Answer::Missing) { 0 } else { BODY.len() - start };
    let range = format!("Content-Range: bytes {start}-{}/{}\r\n", BODY.len() - 1, BODY.len());
    let head = format!("HTTP/1.1 {status}\r\n{range}Content-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&BODY[start..end]).unwrap();
    request
}

fn names(folder: &Path) -> Vec<String> {
    let names =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".lock").collect()
}

#[test]
fn a_file_comes_once() {
    let (server, folder) = (Server::new(vec![Answer::Whole]), tempfile::tempdir().unwrap());
    let path = server.fetch(FILE, folder.path()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), BODY);
    assert_eq!(server.fetch(FILE, folder.path()).unwrap(), path);
    assert_eq!(names(folder.path()), [FILE]);
    assert!(server.requests()[0].starts_with("GET /models/abc-ba7816bf.pth HTTP/1.1\r\n"));
}

#[test]
fn a_broken_download_goes_on_where_it_stopped() {
    let server = Server::new(vec![Answer::Half, Answer::Whole]);
    let folder = tempfile::tempdir().unwrap();
    let message = server.fetch(FILE, folder.path()).unwrap_err().to_string();
    assert!(message.contains("with 2 bytes"), "{message}");
    assert_eq!(names(folder.path()), ["abc-ba7816bf.pth.part"]);
    assert_eq!(fs::read(server.fetch(FILE, folder.path()).unwrap()).unwrap(), BODY);
    assert!(server.requests()[1].contains("Range: bytes=1-"));
}

#[test]
fn a_server_that_cannot_go_on_sends_all_again() {
    let server = Server::new(vec![Answer::Half, Answer::NoRanges, Answer::NoRanges]);
    let folder = tempfile::tempdir().unwrap();
    server.fetch(FILE, folder.path()).unwrap_err();
    assert_eq!(fs::read(server.fetch(FILE, folder.path()).unwrap()).unwrap(), BODY);
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_not_kept() {
    let (server, folder) = (Server::new(vec![Answer::Whole]), tempfile::tempdir().unwrap());
    let message = server.fetch("abc-00000000.pth", folder.path()).unwrap_err().to_string();
    assert!(message.contains("begins with ba7816bf, not with 00000000; put the file"), "{message}");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn no_file_or_no_network_is_one_sentence_with_all_one_needs() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::new(vec![Answer::Missing]);
    let nobody = Published { file: FILE, megabytes: 1, site: "http://127.0.0.1:9/models" };
    let messages = [server.fetch(FILE, folder.path()), nobody.fetch(folder.path())]
        .map(|r| r.unwrap_err().to_string());
    for (message, why) in messages.iter().zip(["404", "connect"]) {
        let folder = folder.path().display().to_string();
        for part in [FILE, "/models/abc-ba7816bf.pth: ", why, &folder, "CONVLENS_WEIGHTS_URL"] {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert!(!message.contains('\n'), "{message}");
    }
    assert!(names(folder.path()).is_empty());
}

#[test]
fn two_at_once_fetch_it_once() {
    let (server, folder) = (Server::new(vec![Answer::Whole]), tempfile::tempdir().unwrap());
    std::thread::scope(|scope| {
        let tries = [0, 1].map(|_| scope.spawn(|| server.fetch(FILE, folder.path()).unwrap()));
        for each in tries {
            assert_eq!(fs::read(each.join().unwrap()).unwrap(), BODY);
        }
    });
    assert_eq!((server.requests().len(), names(folder.path()).len()), (1, 1));
}
