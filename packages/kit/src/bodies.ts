import type { Response } from 'express'

/** Lets a caller have some large bodies in memory at once; it resolves when the next may be read. */
export type BodyTurns = (caller: string, response: Response) => Promise<void>

/** Turns of `most` bodies for each caller. One ends with its answer, or when its caller goes away. */
export function bodyTurns(most: number): BodyTurns {
  const callers = new Map<string, { open: number; waiting: (() => void)[] }>()
  return async (caller, response) => {
    const line = callers.get(caller) ?? { open: 0, waiting: [] }
    callers.set(caller, line)
    if (line.open >= most) await new Promise<void>((resolve) => line.waiting.push(resolve))
    else line.open++
    const leave = (): void => {
      const next = line.waiting.shift()
      if (next) next()
      else if (--line.open === 0) callers.delete(caller)
    }
    if (response.closed) leave()
    else response.once('close', leave)
  }
}
