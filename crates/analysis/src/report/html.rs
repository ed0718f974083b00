//! Pieces of a page.

use crate::figures::Figure;
use crate::figures::format::{FileKind, Format};
use std::fmt::Write as _;

const STYLE: &str = "
:root { color-scheme: light dark; --text: #222; --soft: #555; --line: #ddd; --ground: #fff; --link: #00507d;
        --card: #f6f6f3; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e4e0; --soft: #aaa; --line: #444; --ground: #17181a; --link: #7cc4f0; --card: #222426; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 Georgia, 'DejaVu Serif', serif; color: var(--text); background: var(--ground); margin: 0;
       display: grid; grid-template-columns: 15rem minmax(0, 62rem); justify-content: center; column-gap: 2rem; }
main { padding: 1.4rem 1rem 6rem; min-width: 0; }
h1, h2, h3, th, nav, summary, dt, figcaption, .badge { font-family: system-ui, 'DejaVu Sans', sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .8rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin-top: 1.8rem; }
h2, h3, details, figure { scroll-margin-top: 3rem; }
p { max-width: 46rem; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; font-size: .88rem;
      padding: 1.6rem 0 1rem 1rem; background: var(--ground); z-index: 1; }
nav a { display: block; padding: .16rem 0; text-decoration: none; }
nav a.deeper { padding-left: .9rem; font-size: .82rem; }
a { color: var(--link); }
@media (max-width: 62rem) {
  body { display: block; }
  nav { display: flex; gap: 1rem; padding: .5rem 1rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
  nav a, nav a.deeper { padding: 0; font-size: .85rem; } }
dl.verdict { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1rem; margin: 0 0 1rem;
             padding: .8rem 1rem; background: var(--card); border-radius: .4rem; }
dl.verdict dt { font-weight: 600; font-size: .9rem; padding-top: .08rem; }
dl.verdict dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 34rem) { dl.verdict { grid-template-columns: minmax(0, 1fr); gap: 0; }
                            dl.verdict dd { margin-bottom: .5rem; } }
.badge { display: inline-block; background: #fff3d6; color: #4a3800; border: 1px solid #d9b44a; padding: 0 .5rem;
         font-size: .86rem; border-radius: .3rem; }
.badge.yes { background: #dff3e4; color: #0d4a22; border-color: #5fae78; }
.badge.no { background: #fbe0dc; color: #6d1208; border-color: #d2705f; }
details { border-bottom: 1px solid var(--line); padding: .15rem 0; }
details > summary { cursor: pointer; font-weight: 600; padding: .35rem 0; }
details > summary span { font-weight: 400; color: var(--soft); font-size: .9rem; }
table { border-collapse: collapse; margin: .8rem 0 1.2rem; font-size: .9rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
th, td { text-align: left; padding: .26rem .9rem .26rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: .84rem; }
figure { margin: 1.2rem 0 1.6rem; min-width: 0; }
figure .scroll { background: #fff; border-radius: .3rem; }
figure svg { display: block; max-width: 100%; height: auto; }
@media (max-width: 42rem) { figure svg { max-width: none; } }
figcaption { font-size: .88rem; color: var(--soft); max-width: 46rem; margin-top: .3rem; }
figcaption b { color: var(--text); }
figcaption code { overflow-wrap: anywhere; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 0 1.2rem; }
.gallery svg { width: 100%; min-width: 27rem; }
.note { font-size: .9rem; color: var(--soft); }
";

/// Opens what a link leads into.
const SCRIPT: &str = "
function unfold() {
  let there = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = there; part; part = part.parentElement) if (part.tagName === 'DETAILS') part.open = true;
  if (there) there.scrollIntoView();
}
addEventListener('hashchange', unfold);
addEventListener('DOMContentLoaded', unfold);
";

/// What tells our pages from others.
pub(super) const MARK: &str = "<meta name=\"generator\" content=\"glassmodes\">";

/// A whole page; `contents` are the links that stay in view: where to, in words, and whether below the one before.
pub(super) fn page(title: &str, contents: &[(String, String, bool)], body: &str) -> String {
    let mut links = String::new();
    for (target, words, deeper) in contents {
        let class = if *deeper { " class=\"deeper\"" } else { "" };
        let _ = writeln!(links, "<a{class} href=\"#{target}\">{}</a>", escape(words));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n{MARK}\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n<script>{SCRIPT}</script>\n</head>\n<body>\n<nav aria-label=\"Contents\">\n{links}</nav>\n\
         <main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    )
}

/// What is folded until it is asked for; `words` say what is in it.
pub(super) fn folded(id: &str, title: &str, words: &str, body: &str) -> String {
    let words = if words.is_empty() { String::new() } else { format!(" <span>– {words}</span>") };
    format!("<details id=\"{id}\">\n<summary>{title}{words}</summary>\n{body}</details>\n")
}

/// Text as it stands in HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A table; cells are HTML.
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut html = String::from("<div class=\"scroll\"><table>\n<tr>");
    for cell in header {
        let _ = write!(html, "<th>{cell}</th>");
    }
    html.push_str("</tr>\n");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            let _ = write!(html, "<td>{cell}</td>");
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table></div>\n");
    html
}

/// A figure with its caption and the links to its files; the caption alone where nothing is drawn.
pub(super) fn figure(figure: &Figure, kinds: &[FileKind]) -> String {
    figure_with(figure, kinds, "")
}

/// The same, with more HTML at the end of the caption.
pub(super) fn figure_with(figure: &Figure, kinds: &[FileKind], more: &str) -> String {
    let (name, title, caption) = (&figure.name, escape(&figure.title), escape(&figure.caption));
    let Some(svg) = figure.svg(&Format::default()) else {
        return format!("<p class=\"note\" id=\"{name}\"><b>{title}.</b> {caption}</p>\n");
    };
    let mut files = String::new();
    for kind in kinds {
        let _ = write!(files, "<a href=\"{name}.{kind}\">{}</a> ", kind.extension().to_uppercase());
    }
    // The name of a picture, for those who hear the page.
    let svg = svg.replacen("<svg ", &format!("<svg role=\"img\" aria-label=\"{title}\" "), 1);
    format!(
        "<figure id=\"{name}\">\n<div class=\"scroll\">{svg}</div><figcaption><b>{title}.</b> {caption} {more}\
         {files}<a href=\"{name}.csv\">CSV</a></figcaption>\n</figure>\n"
    )
}

/// A name for files: letters, digits and dashes, begun with the number of the ensemble.
pub(super) fn slug(label: &str, number: usize) -> String {
    let words = label.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let number = (number + 1).to_string();
    std::iter::once(number).chain(words.map(str::to_ascii_lowercase)).collect::<Vec<String>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_and_distinct() {
        assert_eq!(slug("paper, q = 2", 0), "1-paper-q-2");
        assert_eq!(slug("ρ <&>", 1), "2");
        assert_ne!(slug("a", 0), slug("a", 1));
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("a<b & \"c\""), "a&lt;b &amp; &quot;c&quot;");
    }
}
