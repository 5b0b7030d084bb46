'use client'
import { Check, Copy, Download } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { CheckField } from '../../../ui/check-field.tsx'
import { copyText } from '../../../ui/clipboard.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { download } from '../../../ui/download.ts'

interface RecoveryCodesProps {
  /** The dialog is open while there are some. */
  codes: string[] | undefined
  onClose(): void
}

/** Recovery codes, to be kept now: they are never shown again. */
export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false)
  const [hasty, setHasty] = useState(false)
  function close() {
    if (!kept) return setHasty(true)
    setKept(false)
    setHasty(false)
    onClose()
  }
  return (
    <Dialog
      open={codes !== undefined}
      // Closing takes the word that they are kept.
      onOpenChange={(open) => (open ? undefined : close())}
      title="Keep your recovery codes"
      description="Without your phone each of these signs you in once. They are shown only now."
    >
      {codes ? (
        <Codes codes={codes}>
          <CheckField label="I have kept them in a safe place" checked={kept} onChange={setKept} />
          {hasty && !kept ? (
            <p role="alert" className="text-[13px] text-warning">
              Say first that you have kept them: they cannot be shown again.
            </p>
          ) : null}
          <div className="flex justify-end">
            <Button disabled={!kept} className="max-sm:h-11" onClick={close}>
              Done
            </Button>
          </div>
        </Codes>
      ) : null}
    </Dialog>
  )
}

function Codes({ codes, children }: { codes: string[]; children: ReactNode }) {
  const [copied, setCopied] = useState<boolean>()
  const text = `${codes.join('\n')}\n`
  return (
    <div className="grid gap-4">
      <ul
        aria-label="Recovery codes"
        className="grid select-text grid-cols-2 gap-x-4 gap-y-1.5 rounded-lg bg-muted px-4 py-3.5 font-mono text-[13px]"
      >
        {codes.map((code) => (
          <li key={code} className="break-all">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button variant="outline" className="flex-1 max-sm:h-11" onClick={async () => setCopied(await copyText(text))}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
        <Button
          variant="outline"
          className="flex-1 max-sm:h-11"
          onClick={() => download(new Blob([text], { type: 'text/plain' }), 'recovery-codes.txt')}
        >
          <Download aria-hidden />
          Download
        </Button>
      </div>
      <p aria-live="polite" className={copied === false ? 'text-[13px] text-warning' : 'sr-only'}>
        {copied === undefined
          ? ''
          : copied
            ? 'Copied to the clipboard'
            : 'The browser refused to copy: select them instead.'}
      </p>
      {children}
    </div>
  )
}
