//! The running ssh: calls go in, answers come out in parts, and every wait is bounded.
//!
//! Three threads hand on the streams, so that whatever hangs, the one that asks can still give up: on silence, at the
//! end of the time the host may take, or when the person cancels. The child is ended by its id, never by its name.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use memchr::memmem::Finder;

use super::script::Call;

/// How much is read at a time, and how many such pieces may wait.
const PIECE: usize = 64 * 1024;
const MOST_WAITING: usize = 16;
/// How often a wait looks whether to stop.
const TURN: Duration = Duration::from_millis(50);
/// How much of what ssh complains of is kept: the end of it.
const MOST_COMPLAINTS: usize = 16 * 1024;
/// How long the status of a part may be.
const LONGEST_STATUS: usize = 200;
/// How long ssh has to end by itself, once its input is closed.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why nothing more can be had from a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Loss {
    /// The person cancelled.
    Cancelled,
    /// It said nothing for so long.
    Silent(Duration),
    /// It took longer than it may.
    TooSlow(Duration),
    /// The connection ended; what ssh and the host complained of.
    Ended(String),
    /// What came makes no sense.
    Nonsense(&'static str),
}

/// How long a connection may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Without a word.
    pub(super) idle: Duration,
    /// The end of everything.
    pub(super) until: Instant,
    /// How long that was when it began.
    pub(super) whole: Duration,
}

/// A shell elsewhere that reads calls.
pub(super) struct Connection<'a> {
    child: Child,
    input: Option<Sender<Vec<u8>>>,
    output: Receiver<Vec<u8>>,
    complaints: Arc<Mutex<Vec<u8>>>,
    /// Closed when ssh has no more to complain of.
    complained: Receiver<()>,
    /// What came and was not handed on yet, from `taken` on.
    held: Vec<u8>,
    taken: usize,
    /// What ends a part: a line that begins with the nonce.
    mark: Finder<'static>,
    bounds: Bounds,
    cancelled: &'a dyn Fn() -> bool,
    loss: Option<Loss>,
    /// How many questions were asked.
    #[cfg(test)]
    pub(super) calls: usize,
}

impl<'a> Connection<'a> {
    /// Starts the program and hands it the script.
    pub(super) fn start(
        mut command: Command,
        script: &str,
        nonce: &str,
        bounds: Bounds,
        cancelled: &'a dyn Fn() -> bool,
    ) -> std::io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let complaints = Arc::new(Mutex::new(Vec::new()));
        let (send, output) = sync_channel(MOST_WAITING);
        if let Some(stdout) = child.stdout.take() {
            // It ends with the stream, or when nobody listens any more.
            thread::spawn(move || pieces(stdout, |piece| send.send(piece.to_vec()).is_ok()));
        }
        let (open, complained) = channel();
        if let Some(stderr) = child.stderr.take() {
            let complaints = Arc::clone(&complaints);
            thread::spawn(move || {
                let _open = open;
                pieces(stderr, |piece| {
                    let mut kept = complaints.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.extend_from_slice(piece);
                    let over = kept.len().saturating_sub(MOST_COMPLAINTS);
                    kept.drain(..over);
                    true
                });
            });
        }
        let (input, calls) = channel::<Vec<u8>>();
        if let Some(mut stdin) = child.stdin.take() {
            thread::spawn(move || {
                for call in calls {
                    if stdin.write_all(&call).and_then(|()| stdin.flush()).is_err() {
                        return;
                    }
                }
            });
        }
        let connection = Self {
            child,
            input: Some(input),
            output,
            complaints,
            complained,
            held: Vec::new(),
            taken: 0,
            mark: Finder::new(format!("\n{nonce} ").as_bytes()).into_owned(),
            bounds,
            cancelled,
            loss: None,
            #[cfg(test)]
            calls: 0,
        };
        connection.write(&format!("NONCE={nonce}\n{script}"));
        Ok(connection)
    }

    /// Waits until the shell has read the script, passing over what a login prints.
    pub(super) fn ready(&mut self) -> Result<(), Loss> {
        let mut heard = Vec::new();
        let status = self.part(&mut |piece| {
            let room = MOST_COMPLAINTS.saturating_sub(heard.len());
            heard.extend_from_slice(&piece[..piece.len().min(room)]);
        });
        match status {
            Ok(status) if status == "ready" => Ok(()),
            Ok(_) => Err(self.lost(Loss::Nonsense("its shell does not answer as a shell does"))),
            // A shell that does not know the script says so on either stream.
            Err(Loss::Ended(said)) => {
                Err(self.lost(Loss::Ended(format!("{}\n{said}", String::from_utf8_lossy(&heard)))))
            }
            Err(loss) => Err(loss),
        }
    }

    /// Sends a call. Its answer has to be read whole before the next one.
    pub(super) fn call(&mut self, call: Call) -> Result<(), Loss> {
        if let Some(loss) = &self.loss {
            return Err(loss.clone());
        }
        #[cfg(test)]
        {
            self.calls += 1;
        }
        self.write(&call.line());
        Ok(())
    }

    /// Hands over a part of an answer in pieces, and gives the word at its end.
    pub(super) fn part(&mut self, take: &mut dyn FnMut(&[u8])) -> Result<String, Loss> {
        if let Some(loss) = &self.loss {
            return Err(loss.clone());
        }
        let mark = self.mark.needle().len();
        loop {
            let held = &self.held[self.taken..];
            let Some(at) = self.mark.find(held) else {
                // The end of what is held may be the begin of a mark.
                let sure = held.len().saturating_sub(mark - 1);
                take(&held[..sure]);
                self.taken += sure;
                self.more()?;
                continue;
            };
            let status = &held[at + mark..];
            if let Some(length) = memchr::memchr(b'\n', status) {
                take(&held[..at]);
                let word = String::from_utf8_lossy(&status[..length]).into_owned();
                self.taken += at + mark + length + 1;
                return Ok(word);
            }
            if status.len() > LONGEST_STATUS {
                return Err(self.lost(Loss::Nonsense("a part of its answer does not end")));
            }
            self.more()?;
        }
    }

    /// A part as a whole, of which no more than so many bytes are kept.
    pub(super) fn part_of(&mut self, most: usize) -> Result<(Vec<u8>, String), Loss> {
        let mut bytes = Vec::new();
        let status = self.part(&mut |piece| {
            let room = most.saturating_sub(bytes.len());
            bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        })?;
        Ok((bytes, status))
    }

    /// How long the host may be silent from now on.
    pub(super) fn set_idle(&mut self, idle: Duration) {
        self.bounds.idle = idle;
    }

    /// Whether the connection is gone, and why.
    pub(super) fn loss(&self) -> Option<&Loss> {
        self.loss.as_ref()
    }

    /// The id of ssh.
    #[cfg(all(test, unix))]
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    fn write(&self, text: &str) {
        // Where nobody reads any more, reading the answer says why.
        let _ = self.input.as_ref().map(|input| input.send(text.as_bytes().to_vec()));
    }

    /// Waits for more bytes.
    fn more(&mut self) -> Result<(), Loss> {
        self.held.drain(..self.taken);
        self.taken = 0;
        let begun = Instant::now();
        loop {
            let came = self.output.recv_timeout(TURN);
            if (self.cancelled)() {
                return Err(self.lost(Loss::Cancelled));
            }
            // A host that never stops talking is bounded, too.
            if Instant::now() > self.bounds.until {
                return Err(self.lost(Loss::TooSlow(self.bounds.whole)));
            }
            match came {
                Ok(piece) => {
                    self.held.extend_from_slice(&piece);
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) if begun.elapsed() > self.bounds.idle => {
                    return Err(self.lost(Loss::Silent(self.bounds.idle)));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    self.end();
                    // What was said last may still be on its way.
                    let _ = self.complained.recv_timeout(FAREWELL);
                    let said = String::from_utf8_lossy(&self.held).into_owned();
                    let complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner).clone();
                    let complaints = String::from_utf8_lossy(&complaints).into_owned();
                    return Err(self.lost(Loss::Ended(format!("{said}\n{complaints}"))));
                }
            }
        }
    }

    fn lost(&mut self, loss: Loss) -> Loss {
        self.loss = Some(loss.clone());
        self.end();
        loss
    }

    /// Closes the shell's input, which ends it, and ends ssh when it does not go by itself. After a loss nobody waits.
    fn end(&mut self) {
        self.input = None;
        let begun = Instant::now();
        while self.loss.is_none() && begun.elapsed() < FAREWELL {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

/// Hands on a stream in pieces until it ends or nobody wants more.
fn pieces(mut from: impl Read, mut take: impl FnMut(&[u8]) -> bool) {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return,
            Ok(length) if take(&piece[..length]) => {}
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => return,
        }
    }
}
