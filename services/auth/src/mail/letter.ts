/** What a mail of ours says: its words, one button at most, and why one gets it. */
export interface Letter {
  subject: string
  /** Plain text each; what looks like markup in them is text. */
  paragraphs: string[]
  /** `path` is one of this server, beginning with a slash. */
  button: { label: string; path: string } | null
  /** Why one gets it. */
  footer: string
}

/** A mail as it is sent. */
export interface Written {
  subject: string
  text: string
  html: string
}

const NAME = 'Realtime Collaborator'

/**
 * Writes a letter as text and as HTML: the same words in both, no picture and nothing from elsewhere, so that opening it
 * tells nobody. Control characters and overrides of the writing direction become spaces.
 */
export function writeLetter(letter: Letter, publicUrl: string): Written {
  const subject = oneLine(letter.subject)
  const paragraphs = letter.paragraphs.map(oneLine).filter((paragraph) => paragraph !== '')
  const footer = oneLine(letter.footer)
  const button = letter.button && { label: oneLine(letter.button.label), url: publicUrl + letter.button.path }
  const link = button ? [`${button.label}:\n${button.url}`] : []
  const text = [...paragraphs, ...link, `-- \n${footer}\n${NAME} · ${publicUrl}`].join('\n\n')
  return { subject, text: `${text}\n`, html: pageOf({ subject, paragraphs, button, footer, publicUrl }) }
}

interface Page {
  subject: string
  paragraphs: string[]
  button: { label: string; url: string } | null
  footer: string
  publicUrl: string
}

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const WRAP = 'overflow-wrap:anywhere;word-break:break-word'

/** Styles stand inline, where every program reads them; the dark ones can only stand in a sheet. */
function pageOf({ subject, paragraphs, button, footer, publicUrl }: Page): string {
  const words = paragraphs
    .map((words) => `<p dir="auto" class="ink" style="margin:0 0 16px;color:#1d1e24;${WRAP}">${escaped(words)}</p>`)
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(subject)}</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #131417 !important; }
  .card { background: #1c1d21 !important; border-color: #34363d !important; }
  .ink { color: #e8e8ec !important; }
  .faint, .faint a { color: #a2a4ae !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f5f5f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="background:#f5f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;text-align:left;font-size:16px;line-height:1.55;${FONT}">
<tr><td class="ink" style="padding:0 4px 16px;color:#1d1e24;font-size:15px;font-weight:600">${NAME}</td></tr>
<tr><td class="card" style="padding:32px;background:#ffffff;border:1px solid #e4e4e9;border-radius:12px">
<h1 dir="auto" class="ink" style="margin:0 0 20px;color:#1d1e24;font-size:20px;line-height:1.35;font-weight:600;${WRAP}">${escaped(subject)}</h1>
${words}${button ? buttonOf(button) : ''}
</td></tr>
<tr><td class="faint" style="padding:20px 4px 0;color:#6a6c78;font-size:13px">
<p dir="auto" style="margin:0 0 6px;${WRAP}">${escaped(footer)}</p>
<p style="margin:0">${NAME} · <a href="${escaped(publicUrl)}" style="color:#6a6c78">${escaped(publicUrl)}</a></p>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
}

function buttonOf({ label, url }: { label: string; url: string }): string {
  const href = escaped(url)
  return `
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0"><tr><td style="background:#4a5bd4;border-radius:8px"><a href="${href}" style="display:inline-block;padding:12px 22px;color:#ffffff;font-weight:600;text-decoration:none">${escaped(label)}</a></td></tr></table>
<p class="faint" style="margin:0;color:#6a6c78;font-size:13px;${WRAP}">Or open this address:<br><a href="${href}" style="color:#6a6c78">${href}</a></p>`
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim()
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
