import type { Problem } from '@realtime/contracts'

const RETRY_MS = { first: 50, most: 2_000 }

/** Whether what failed may succeed when it is tried again. */
export function mayPass(problem: Problem): boolean {
  return problem.status >= 500 || problem.status === 401 || problem.status === 429
}

/** Waits before the next try: longer after each of the `failures` before, up to two seconds. */
export function pauseAfter(failures: number): Promise<void> {
  const ms = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** failures)
  return new Promise((resolve) => setTimeout(resolve, ms))
}
