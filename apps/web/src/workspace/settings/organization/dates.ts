/** A day in words, as in "Mar 5, 2026". */
export function dateOf(time: string): string {
  return new Date(time).toLocaleDateString('en', { dateStyle: 'medium' })
}
