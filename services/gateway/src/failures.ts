import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { PROBLEM_TYPE, Problem } from '@realtime/contracts'
import { REQUEST_ID_HEADER } from '@realtime/kit'
import { AI_MISSING, type Upstream } from './upstreams.ts'

/** Given to a connection that is ended because a part took too long. */
export class UpstreamTimeout extends Error {}

/** The problem of a part that is not set up. */
export function missing(): Problem {
  return new Problem('ai-unavailable', AI_MISSING, { extra: { upstream: 'ai' } })
}

/** The problem of a request that a part did not answer. */
export function problemOf(cause: unknown, upstream: Upstream): Problem {
  const extra = { upstream: upstream.name }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (cause instanceof UpstreamTimeout) {
    return new Problem('timeout', `${upstream.title} did not answer in time.`, { cause, extra })
  }
  // Node's HTTP parser: something answered, but not in HTTP.
  if (code.startsWith('HPE_')) return new Problem('upstream-failed', undefined, { cause, extra })
  const detail = `${upstream.title} cannot be reached. Try again in a moment.`
  return new Problem('unavailable', detail, { cause, extra, headers: { 'retry-after': '2' } })
}

/** Writes a problem onto a raw socket as the HTTP answer it never got, and closes it. */
export function refuse(socket: Duplex, problem: Problem, requestId: string): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const body = JSON.stringify(problem.toJson(requestId))
  const headers: Record<string, string> = {
    ...problem.headers,
    'content-type': `${PROBLEM_TYPE}; charset=utf-8`,
    'content-length': String(Buffer.byteLength(body)),
    [REQUEST_ID_HEADER]: requestId,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`)
}

/** Whether a person's browser asks for a page. */
export function wantsPage(request: IncomingMessage): boolean {
  const accept = request.headers.accept ?? ''
  return (request.method === 'GET' || request.method === 'HEAD') && /\btext\/html\b/.test(accept)
}

/** Headers of `waitingPage`; the policy lets it load nothing. */
export const waitingPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
}

/** The page shown in place of the web app while it cannot be reached; it tries again by itself. */
export const waitingPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>Starting… · Realtime Collaborator</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; place-content: center; min-height: 100vh; margin: 0; padding: 1rem; text-align: center }
h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 .5rem }
p { margin: 0; opacity: .7 }
</style>
</head>
<body>
<main role="status">
<h1>The app is starting or cannot be reached</h1>
<p>This page tries again by itself every two seconds. What you have written is safe.</p>
</main>
</body>
</html>
`
