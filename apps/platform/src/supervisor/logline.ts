/** A line that a part wrote, and what of it is for people. */
export interface LogLine {
  raw: string
  text: string
  /** Whether the person at the terminal should see it. */
  warning: boolean
}

/** Reads a line of a part: pino's JSON (also Python's, in the same form), or any text. */
export function readLogLine(raw: string): LogLine {
  if (!raw.startsWith('{')) return { raw, text: raw, warning: false }
  try {
    const { level, msg, err } = JSON.parse(raw) as { level?: unknown; msg?: unknown; err?: { message?: unknown } }
    const cause = typeof err?.message === 'string' && err.message !== msg ? `: ${err.message.split('\n', 1)[0]}` : ''
    return {
      raw,
      text: `${typeof msg === 'string' ? msg : ''}${cause}`,
      warning: typeof level === 'number' && level >= 40,
    }
  } catch {
    return { raw, text: raw, warning: false }
  }
}
