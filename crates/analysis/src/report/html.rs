//! Pieces of a page.

use crate::figures::Figure;
use std::fmt::Write as _;

const STYLE: &str = "
:root { color-scheme: light; }
body { font: 16px/1.5 Georgia, 'DejaVu Serif', serif; color: #222; background: #fff; max-width: 68rem;
       margin: 2rem auto 6rem; padding: 0 1.2rem; }
h1, h2, h3, th, nav, figcaption, .badge { font-family: system-ui, 'DejaVu Sans', sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin-bottom: .2rem; }
h2 { font-size: 1.3rem; margin-top: 3rem; border-bottom: 1px solid #ccc; padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin-top: 2rem; }
p { max-width: 46rem; }
nav { font-size: .9rem; margin: 1rem 0 2rem; }
nav a { margin-right: 1.1rem; white-space: nowrap; }
a { color: #00507d; }
table { border-collapse: collapse; margin: .8rem 0 1.4rem; font-size: .92rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
th, td { text-align: left; padding: .28rem .9rem .28rem 0; border-bottom: 1px solid #e3e3e3; vertical-align: top; }
th { font-weight: 600; font-size: .85rem; border-bottom: 1px solid #888; }
.badge { display: inline-block; background: #fff3d6; border: 1px solid #d9b44a; padding: .1rem .6rem;
         font-size: .88rem; border-radius: .3rem; }
figure { margin: 1.6rem 0 2.2rem; }
figure svg { max-width: 100%; height: auto; }
figcaption { font-size: .88rem; color: #444; max-width: 46rem; }
figcaption b { color: #222; }
.note { font-size: .9rem; color: #444; }
";

/// A whole page.
pub(super) fn page(title: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escape(title)
    )
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

/// A figure with its caption and the links to its files.
pub(super) fn figure(figure: &Figure) -> String {
    format!(
        "<figure id=\"{name}\">\n{svg}<figcaption><b>{title}.</b> {caption} \
         <a href=\"{name}.svg\">SVG</a> <a href=\"{name}.csv\">CSV</a></figcaption>\n</figure>\n",
        name = figure.name,
        svg = figure.svg,
        title = escape(&figure.title),
        caption = escape(&figure.caption)
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
