/** A line of CSV (RFC 4180) that no spreadsheet takes for a formula. */
export function csvLine(cells: (string | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

function cellOf(text: string | null): string {
  const safe = /^[=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
