const steps = [
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['week', 7 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['year', 365 * 86_400_000],
] as const

/** How long ago an ISO time was, in words: "now", "5 min. ago". */
export function agoOf(time: string, now = Date.now()): string {
  const past = Math.max(0, now - Date.parse(time))
  const step = steps.findLast(([, length]) => past >= length)
  if (!step) return 'now'
  return new Intl.RelativeTimeFormat('en', { style: 'short', numeric: 'auto' }).format(
    -Math.floor(past / step[1]),
    step[0],
  )
}
