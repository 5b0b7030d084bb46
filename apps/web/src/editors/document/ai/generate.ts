import { type AiFinish, aiApi, aiDelta, aiDone, type GenerateRequest, Problem, problemFrom } from '@realtime/contracts'
import { createParser } from 'eventsource-parser'
import { type Api, createApi, tokens } from '../../../api.ts'

/** How an answer ended: as its maker says; with a problem; on the way here; or because it was stopped. */
export type Ending =
  | { how: 'finished'; finish: AiFinish }
  | { how: 'failed'; problem: Problem }
  | { how: 'cut' }
  | { how: 'stopped' }

/** The server speaks at least every ten seconds: longer silence means that the way here is broken. */
const SILENCE_MS = 35_000

// A model may think for longer than other answers take. Who is signed out is told so, and keeps the question.
const ask = createApi(
  { baseUrl: '', name: 'server', credentials: 'same-origin', timeoutMs: SILENCE_MS },
  tokens,
  () => {},
)

/** Asks for an answer and tells of its text as it comes. Never throws. `api` and `silenceMs` are for tests. */
export async function generate(
  request: GenerateRequest,
  signal: AbortSignal,
  onText: (text: string) => void,
  { api = ask, silenceMs = SILENCE_MS }: { api?: Api; silenceMs?: number } = {},
): Promise<Ending> {
  // Ends when the caller says so, and when nothing is heard any more.
  const silence = new AbortController()
  const stop = () => silence.abort()
  signal.addEventListener('abort', stop)
  let timer: ReturnType<typeof setTimeout> | undefined
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(stop, silenceMs)
  }
  let text = ''
  try {
    const response = await api(aiApi.generate, { body: request }, { signal: silence.signal })
    let ending: Ending | null = null
    const parser = createParser({
      onEvent({ event, data }) {
        if (event === 'delta') {
          text += aiDelta.parse(JSON.parse(data)).text
          onText(text)
        } else if (event === 'done') ending = { how: 'finished', finish: aiDone.parse(JSON.parse(data)).finish }
        else if (event === 'problem')
          ending = failed(problemFrom(JSON.parse(data)) ?? new Problem('upstream-failed'), text)
      },
    })
    const decoder = new TextDecoder()
    const reader = response.body?.getReader()
    for (heard(); ; heard()) {
      const part = await reader?.read()
      if (!part || part.done) break
      parser.feed(decoder.decode(part.value, { stream: true }))
    }
    return ending ?? { how: 'cut' }
  } catch (error) {
    if (signal.aborted) return { how: 'stopped' }
    if (error instanceof Problem) return failed(error, text)
    return { how: 'cut' }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** A part that failed in the middle of the text cut it: that is what matters then. */
function failed(problem: Problem, text: string): Ending {
  return text !== '' && problem.status >= 500 ? { how: 'cut' } : { how: 'failed', problem }
}
