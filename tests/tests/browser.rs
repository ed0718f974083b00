//! The page of a report in a real browser, wide and narrow: no error of its script, no label over another, nothing
//! wider than the window, and links that lead somewhere. Left out, and said, where there is no Chromium;
//! `GLASSMODES_REQUIRE_CHROMIUM=1` makes that a failure.

use glassmodes_tests::{Campaign, Running, glassmodes, run, small_campaign};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Looks at the page in a frame of a given width and writes what it finds into the title, a line a fault.
const LOOK: &str = r#"
<script>
const faults = window.faults = [];
const frame = document.getElementById('page');
frame.addEventListener('load', () => {
  const view = frame.contentWindow, there = view.document;
  const width = frame.clientWidth;
  if (there.documentElement.scrollWidth > width + 1)
    faults.push(`the page is ${there.documentElement.scrollWidth} wide in a window of ${width}`);
  const screens = there.documentElement.scrollHeight / 900;
  if (width > 1000 && screens > LIMIT) faults.push(`${screens.toFixed(1)} screens before anything is unfolded`);
  for (const part of there.querySelectorAll('details')) part.open = true;
  for (const link of there.querySelectorAll('a[href^="\#"]')) {
    const name = decodeURIComponent(link.getAttribute('href').slice(1));
    if (!there.getElementById(name)) faults.push(`nothing is called ${name}`);
  }
  const names = [...there.querySelectorAll('[id]')].map(part => part.id);
  for (const name of new Set(names)) if (names.filter(other => other === name).length > 1) faults.push(`two are called ${name}`);
  for (const svg of there.querySelectorAll('figure svg')) {
    const figure = svg.closest('figure').id;
    const whole = svg.getBoundingClientRect();
    const labels = [...svg.querySelectorAll('text')].map(label => [label.textContent, label.getBoundingClientRect()]);
    labels.forEach(([words, box], k) => {
      if (box.left < whole.left - 2 || box.right > whole.right + 2 || box.top < whole.top - 2 || box.bottom > whole.bottom + 2)
        faults.push(`${figure}: “${words}” leaves the figure`);
      for (const [other, place] of labels.slice(k + 1)) {
        const across = Math.min(box.right, place.right) - Math.max(box.left, place.left);
        const high = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
        const small = Math.min(box.height, place.height, box.width, place.width);
        if (across > 0.3 * small && high > 0.3 * small) faults.push(`${figure}: “${words}” over “${other}”`);
      }
    });
  }
  const looked = there.querySelectorAll('figure svg text').length;
  document.title = `looked at ${looked} labels\n` + faults.join('\n');
});
</script>
"#;

/// The browser, if there is one.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("GLASSMODES_CHROMIUM").map(PathBuf::from);
    let known = ["chromium", "chromium-browser", "google-chrome"].map(PathBuf::from);
    let found = named
        .into_iter()
        .chain(known)
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success()));
    if found.is_none() {
        let required = std::env::var("GLASSMODES_REQUIRE_CHROMIUM").is_ok_and(|value| value == "1");
        assert!(!required, "no Chromium: GLASSMODES_CHROMIUM names one");
        eprintln!("left out: no Chromium on this machine (GLASSMODES_CHROMIUM names one)");
    }
    found
}

/// What the browser finds on `page`, `width` pixels wide.
fn look(chromium: &Path, page: &Path, width: u32, screens: u32) -> Vec<String> {
    let text = fs::read_to_string(page).expect("a page");
    // Errors of the page's own script are heard from before it runs.
    let ears = "<script>addEventListener('error', e => parent.faults.push('script: ' + e.message));</script>";
    let text = text.replacen("<head>", &format!("<head>{ears}"), 1);
    let quoted = text.replace('&', "&amp;").replace('"', "&quot;");
    let look = LOOK.replace("LIMIT", &screens.to_string()).replace("\\#", "#");
    let outer = page.with_file_name("looked-at.html");
    let html = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><body style=\"margin:0\"><iframe id=\"page\" style=\"border:0;width:{width}px;\
         height:900px\"></iframe>{look}<template id=\"text\"></template><script>frame.srcdoc = document.getElementById('source')\
         .dataset.text;</script>"
    );
    let html = html.replacen("<template id=\"text\">", &format!("<template id=\"source\" data-text=\"{quoted}\">"), 1);
    // The text stands before it is read: scripts run in their order.
    fs::write(&outer, html).expect("writable");
    let profile = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(chromium);
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(["--window-size=1500,1000", "--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("file://{}", outer.display()));
    let finished = Running::start(&mut command).wait(110);
    fs::remove_file(&outer).expect("ours");
    let title = finished.out.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
    let title = title.unwrap_or_else(|| panic!("the browser saw nothing\n{}", finished.err)).to_owned();
    let mut lines = title.lines().map(str::to_owned);
    let looked = lines.next().unwrap_or_default();
    assert!(looked.starts_with("looked at "), "{looked}");
    lines.collect()
}

#[test]
fn the_page_is_whole_in_a_browser_wide_and_narrow() {
    let Some(chromium) = chromium() else { return };
    let campaign = Campaign::new(&(small_campaign(24) + "snapshot_participation_max = 1.0\n"));
    campaign.run("campaign", &[]).expect_code(0);
    let archive = campaign.archive("campaign").display().to_string();
    let thin = campaign.path("thin.h5").display().to_string();
    run(glassmodes(["merge", &archive, "--out", &thin, "--thin", "--modes-below", "2"])).expect_code(0);
    for (name, archive, selection) in [
        ("all", &archive, ["--pr-max", "1", "--omega-max", "2"]),
        ("none", &archive, ["--pr-max", "0.27", "--omega-max", "1e-6"]),
        ("thin", &thin, ["--pr-max", "0.5", "--omega-max", "2"]),
    ] {
        let out = campaign.path(name);
        let folder = out.display().to_string();
        let words = [&["report", archive, "--out", &folder], &selection[..]].concat();
        run(glassmodes(words)).expect_code(0);
        let page = out.join("index.html");
        for width in [1400, 420] {
            let faults = look(&chromium, &page, width, 6);
            assert!(faults.is_empty(), "{name}, {width} pixels:\n{}", faults.join("\n"));
        }
        // Files beside the page.
        let text = fs::read_to_string(&page).expect("a page");
        let links = text.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links.filter(|link| !link.starts_with('#') && !link.starts_with("data:")) {
            assert!(out.join(link).is_file(), "{name}: {link} is not there");
        }
    }
}
