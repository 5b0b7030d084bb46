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

const DAY_MS = 86_400_000

/** In how many days an ISO time is, in words: "today", "in 3 days". */
export function inDays(time: string, now = Date.now()): string {
  const days = Math.max(0, Math.floor((Date.parse(time) - now) / DAY_MS))
  return days === 0 ? 'today' : days === 1 ? 'in a day' : `in ${days} days`
}

/** A heading for the day of an ISO time: "Today", "Yesterday", "This week", "Earlier". */
export function ageOf(time: string, now = Date.now()): 'Today' | 'Yesterday' | 'This week' | 'Earlier' {
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  const at = Date.parse(time)
  if (at >= midnight) return 'Today'
  // Noon of the day before: days are not all 24 hours long.
  const yesterday = new Date(midnight - DAY_MS / 2).setHours(0, 0, 0, 0)
  if (at >= yesterday) return 'Yesterday'
  return at >= midnight - 6 * DAY_MS ? 'This week' : 'Earlier'
}
