//! Drives the real window over WebDriver: the built desktop app, its real Rust side, a real SQLite file.
//!
//! Linux only: WebKitWebDriver starts the app itself. One driver, one port and one set of folders per [`Desk`].

#![expect(clippy::expect_used, reason = "a harness stops a test at the first thing that fails")]

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// How long anything may take to appear. Nothing waits longer than it has to; this is for a machine whose disk is busy
/// with something else.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A place for one person's data, and the driver that starts the app on it.
pub struct Desk {
    driver: Mutex<Driver>,
    home: PathBuf,
    app: PathBuf,
    arguments: Vec<String>,
}

impl Desk {
    /// Starts a driver whose app keeps its data below `home` and audits the system mounted at `root`.
    ///
    /// # Panics
    /// When the driver does not start.
    #[must_use]
    pub fn new(home: &Path, root: &Path) -> Self {
        let arguments = vec!["--root".to_owned(), root.display().to_string()];
        let (driver, home) = (Mutex::new(Driver::start(home)), home.to_owned());
        Self { driver, home, app: crate::checkout::built("interdict-desktop"), arguments }
    }

    /// A desk whose app is started with a file to look at.
    #[must_use]
    pub fn looking_at(mut self, file: &Path) -> Self {
        self.arguments.extend(["--open".to_owned(), file.display().to_string()]);
        self
    }

    /// A desk whose app is started with further arguments.
    #[must_use]
    pub fn with(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// Opens the window.
    ///
    /// # Panics
    /// When it does not open.
    pub async fn open(&self) -> Window {
        assert!(self.app.exists(), "{} is not built: cargo build -p interdict-desktop", self.app.display());
        let mut capabilities = serde_json::map::Map::new();
        let options = json!({ "binary": self.app.display().to_string(), "args": self.arguments });
        capabilities.insert("webkitgtk:browserOptions".into(), options);
        // An app that ends at once leaves the driver waiting for ever, and now and then the driver misses an app that did
        // open: a new driver then tries again. An app that does not open at all fails all of them.
        for _ in 0..3 {
            let address = format!("http://127.0.0.1:{}", self.driver.lock().expect("no test failed with it").port);
            let mut builder = ClientBuilder::new(HttpConnector::new());
            let opening = builder.capabilities(capabilities.clone()).connect(&address);
            match tokio::time::timeout(PATIENCE, opening).await {
                Ok(opened) => return Window { client: opened.expect("the window opens") },
                Err(_) => *self.driver.lock().expect("no test failed with it") = Driver::start(&self.home),
            }
        }
        panic!("the driver did not open the window in three times {PATIENCE:?}");
    }
}

/// The open window.
pub struct Window {
    client: Client,
}

impl Window {
    /// Waits for an element.
    ///
    /// # Panics
    /// When it does not appear; the page's text is in the message.
    pub async fn find(&self, xpath: &str) -> Element {
        let begun = Instant::now();
        loop {
            if let Ok(element) = self.client.find(Locator::XPath(xpath)).await {
                return element;
            }
            let is_late = begun.elapsed() > PATIENCE;
            assert!(!is_late, "no {xpath} in the window, which says:\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the page's text satisfies a test.
    ///
    /// # Panics
    /// When it never does.
    pub async fn wait_for(&self, what: &str, test: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        loop {
            let text = self.text().await;
            if test(&text) {
                return text;
            }
            assert!(begun.elapsed() <= PATIENCE, "{what} never came; the window says:\n{text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whether an element is there now.
    pub async fn has(&self, xpath: &str) -> bool {
        self.client.find(Locator::XPath(xpath)).await.is_ok()
    }

    /// Waits until an element is no longer there.
    ///
    /// # Panics
    /// When it stays.
    pub async fn wait_gone(&self, xpath: &str) {
        let begun = Instant::now();
        while self.has(xpath).await {
            assert!(begun.elapsed() < PATIENCE, "{xpath} stays in the window, which says:\n{}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Clicks an element when it is there. One that the page draws anew between finding and clicking is found again, as a
    /// person would click what now stands in its place.
    ///
    /// # Panics
    /// When it does not appear or cannot be clicked.
    pub async fn click(&self, xpath: &str) {
        let begun = Instant::now();
        while let Err(error) = self.find(xpath).await.click().await {
            assert!(begun.elapsed() <= PATIENCE, "{xpath}: {error:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Replaces the text of a field.
    ///
    /// # Panics
    /// When it cannot be typed into.
    pub async fn type_into(&self, xpath: &str, text: &str) {
        let field = self.find(xpath).await;
        // Select all and overwrite: clearing a controlled field from outside does not reach its state.
        field.send_keys("\u{e009}a\u{e000}").await.expect("selects");
        field.send_keys(text).await.expect("types");
    }

    /// Chooses an option of a list by its value.
    ///
    /// # Panics
    /// When it has no such option.
    pub async fn choose(&self, xpath: &str, value: &str) {
        self.find(xpath).await.select_by_value(value).await.expect("an option of that value");
    }

    /// All text of the page, also of rows that a browser calls invisible.
    pub async fn text(&self) -> String {
        self.script("return document.body ? document.body.innerText : ''").await.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script in the page.
    ///
    /// # Panics
    /// When the script throws.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Goes to an address of the app without loading it anew.
    pub async fn go(&self, path: &str) {
        let script = format!(
            "history.pushState({{}}, '', {path:?}); dispatchEvent(new PopStateEvent('popstate', {{ state: {{}} }}));"
        );
        self.script(&script).await;
    }

    /// Gives the window a size, in pixels of the page.
    pub async fn resize(&self, width: u32, height: u32) {
        let _ = self.client.set_window_size(width, height).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    /// Takes a picture of the page.
    ///
    /// # Panics
    /// When there is none or it cannot be written.
    pub async fn picture(&self, path: &Path) {
        // Whatever slides or fades in has come to rest.
        tokio::time::sleep(Duration::from_millis(350)).await;
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of pictures");
        std::fs::write(path, picture).expect("the picture is written");
    }

    /// Closes the window, and with it the app.
    ///
    /// # Panics
    /// When the driver does not answer.
    pub async fn close(self) {
        self.client.close().await.expect("the window closes");
    }
}

/// WebKitWebDriver; ended with everything it started when the test ends, even by panic.
struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    fn start(home: &Path) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its number").port();
        drop(listener);
        // A session bus of its own: on a shared one the second app would show the first one's window and end.
        let process = Command::new("dbus-run-session")
            .args(["--", "WebKitWebDriver"])
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // WebKitGTK reports the language "C" here, which is none: the window must open all the same.
            .env("LANG", "C.UTF-8")
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            // A group of its own, so that driver, app and web processes end together.
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-run-session starts: apt-get install dbus webkit2gtk-driver");
        let driver = Self { process, port };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "the driver does not listen");
            std::thread::sleep(Duration::from_millis(30));
        }
        driver
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.process.wait();
    }
}
