/** A figure, words in the place of one, or nothing. */
export type Cell = number | string | null

/** A line of a report. */
export interface Row {
  name: string
  figures: Record<string, Cell>
  /** What is aimed at, in words; absent where nothing is. */
  target?: string
  /** Whether it was reached; null when that could not be told. */
  met?: boolean | null
}

/** What a bench found. */
export interface Report {
  title: string
  /** What the figures count, in a sentence or two. */
  note: string
  columns: string[]
  rows: Row[]
}

/** Longer words are cut in the table; JSON has them whole. */
const MOST_WORDS = 40

/** Prints a report as a table; figures have three digits. */
export function printTable({ title, note, columns, rows }: Report): void {
  const aims = rows.some((row) => row.target !== undefined)
  const cells = [
    ['', ...columns, ...(aims ? ['target', 'met'] : [])],
    ...rows.map(({ name, figures, target, met }) => [
      name,
      ...columns.map((column) => shown(figures[column] ?? null)),
      ...(aims ? [target ?? '', target === undefined ? '' : met === null ? '?' : met ? 'yes' : 'NO'] : []),
    ]),
  ]
  const widths = (cells[0] ?? []).map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  console.log(`\n${title}\n${note}\n`)
  for (const row of cells) {
    console.log(
      row
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
  }
}

/** The value below which a share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function shown(value: Cell): string {
  if (value === null || Number.isNaN(value)) return '–'
  if (typeof value === 'string') return value.length > MOST_WORDS ? `${value.slice(0, MOST_WORDS - 1)}…` : value
  const size = Math.abs(value)
  return size >= 100
    ? value.toFixed(0)
    : size >= 10
      ? value.toFixed(1)
      : size >= 1 || size === 0
        ? value.toFixed(2)
        : value.toPrecision(2)
}
