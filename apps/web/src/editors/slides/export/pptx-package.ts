import type { Theme, ThemeRole } from '@realtime/resources'
import type JSZip from 'jszip'

/**
 * Mends what pptxgenjs 4.0.1 writes, and gives the file the colours of the deck's theme:
 * - it repeats a paragraph's properties before each run, which the format allows once;
 * - it writes notes as one paragraph, whatever their lines.
 */
export async function finishPackage(bytes: Uint8Array, theme: Theme): Promise<Uint8Array<ArrayBuffer>> {
  const { default: Zip } = await import('jszip')
  const zip = await Zip.loadAsync(bytes)
  await rewrite(zip, /^ppt\/theme\/theme\d+\.xml$/, (xml) => withColors(xml, theme))
  await rewrite(zip, /^ppt\/slides\/slide\d+\.xml$/, withSoundParagraphs)
  await rewrite(zip, /^ppt\/notesSlides\/notesSlide\d+\.xml$/, withLines)
  return (await zip.generateAsync({
    type: 'uint8array',
    compression: 'DEFLATE',
    mimeType: PPTX_TYPE,
  })) as Uint8Array<ArrayBuffer>
}

export const PPTX_TYPE = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'

async function rewrite(zip: JSZip, names: RegExp, change: (xml: string) => string): Promise<void> {
  for (const file of zip.file(names)) zip.file(file.name, change(await file.async('string')))
}

/** Of the theme, under the names of `officeRoles`. */
function withColors(xml: string, { name, palette }: Theme): string {
  const slots: [slot: string, role: ThemeRole][] = [
    ['dk1', 'text'],
    ['lt1', 'background'],
    ['dk2', 'muted'],
    ['lt2', 'surface'],
    ['accent1', 'accent'],
    ['accent2', 'accent-2'],
    ['accent3', 'on-accent'],
    ['accent4', 'muted'],
    ['accent5', 'text'],
    ['accent6', 'surface'],
    ['hlink', 'accent'],
    ['folHlink', 'muted'],
  ]
  const colors = slots.map(
    ([slot, role]) => `<a:${slot}><a:srgbClr val="${palette[role].slice(1).toUpperCase()}"/></a:${slot}>`,
  )
  return xml.replace(/<a:clrScheme .*?<\/a:clrScheme>/s, `<a:clrScheme name="${name}">${colors.join('')}</a:clrScheme>`)
}

function withSoundParagraphs(xml: string): string {
  return xml.replace(/<a:p>.*?<\/a:p>/gs, (paragraph) => {
    let seen = false
    return (
      paragraph
        .replace(/<a:pPr[ >].*?<\/a:pPr>/gs, (properties) => {
          if (seen) return ''
          seen = true
          return properties
        })
        // A break is as high as what follows it.
        .replace(/<a:br\/>(?=<a:r><a:rPr lang="en-US" sz="(\d+)")/g, '<a:br><a:rPr lang="en-US" sz="$1"/></a:br>')
    )
  })
}

function withLines(xml: string): string {
  return xml.replace(
    /<a:p><a:r>(<a:rPr [^>]*\/>)<a:t>([^<]*)<\/a:t><\/a:r>(<a:endParaRPr [^>]*\/>)<\/a:p>/,
    (_whole, properties: string, text: string, end: string) =>
      text
        .split(/\r?\n/)
        .map((line) => `<a:p>${line ? `<a:r>${properties}<a:t>${line}</a:t></a:r>` : ''}${end}</a:p>`)
        .join(''),
  )
}
