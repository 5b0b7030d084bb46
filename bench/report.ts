/** What a bench found. */
export interface Report {
  title: string
  /** What the figures count, in a sentence or two. */
  note: string
  columns: string[]
  rows: { name: string; figures: Record<string, number | null> }[]
}

/** Prints a report as a table; figures have three digits. */
export function printTable({ title, note, columns, rows }: Report): void {
  const cells = [
    ['', ...columns],
    ...rows.map(({ name, figures }) => [name, ...columns.map((column) => shown(figures[column] ?? null))]),
  ]
  const widths = ['', ...columns].map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  console.log(`\n${title}\n${note}\n`)
  for (const row of cells) {
    console.log(
      row
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  '),
    )
  }
}

/** The value below which a share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function shown(value: number | null): string {
  if (value === null) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
