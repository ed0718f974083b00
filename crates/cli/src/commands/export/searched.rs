//! Nonlinear modes and transitions as tables.

use archive::{Column, NonlinearTable, TransitionTable, group};
use std::io::{self, Write};

/// One line a nonlinear mode, or search for one that was given up.
pub(super) fn nonlinear(out: &mut impl Write, table: &NonlinearTable) -> io::Result<()> {
    let columns = table.columns();
    header(out, "realization,source,kind,group", &columns)?;
    for row in 0..table.realization.len() {
        let (kind, group) = (table.kind[row].name(), group::name(table.group[row]));
        write!(out, "{},{},{kind},{group}", table.realization[row], table.source[row])?;
        line(out, &columns, row)?;
    }
    out.flush()
}

/// One line a way to an adjacent minimum, or search for one that failed.
pub(super) fn transitions(out: &mut impl Write, table: &TransitionTable) -> io::Result<()> {
    let columns = table.columns();
    header(out, "realization,source,direction", &columns)?;
    for row in 0..table.realization.len() {
        write!(out, "{},{},{}", table.realization[row], table.source[row], table.direction[row])?;
        line(out, &columns, row)?;
    }
    out.flush()
}

fn header(out: &mut impl Write, first: &str, columns: &[(&str, Column<'_>)]) -> io::Result<()> {
    write!(out, "{first}")?;
    for (name, _) in columns {
        write!(out, ",{name}")?;
    }
    writeln!(out)
}

fn line(out: &mut impl Write, columns: &[(&str, Column<'_>)], row: usize) -> io::Result<()> {
    for (_, column) in columns {
        write!(out, ",{}", column.cell(row))?;
    }
    writeln!(out)
}
