'use client'
import { ImageUp, Trash2 } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { messageOf } from '../../account/problems.ts'
import { Button } from '../../ui/button.tsx'
import { squareOf } from './account/square.ts'

interface PictureFieldProps {
  /** What it is a picture of, in the names of the buttons. */
  of: string
  /** The picture as it is. */
  shown: ReactNode
  has: boolean
  /** Keeps another picture, or none; what it throws is shown. */
  onChange(picture: string | null): Promise<unknown>
}

/** A picture with buttons to take another and to remove it. Any image will do: its middle is cut out and made small. */
export function PictureField({ of, shown, has, onChange }: PictureFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState<'choose' | 'remove'>()
  const [error, setError] = useState<string>()

  async function keep(way: 'choose' | 'remove', make: () => Promise<string | null>) {
    setBusy(way)
    setError(undefined)
    try {
      const picture = await make().catch((cause: Error) => {
        setError(cause.message)
        return undefined
      })
      if (picture !== undefined) await onChange(picture)
    } catch (failure) {
      setError(messageOf(failure))
    }
    setBusy(undefined)
  }

  return (
    <div className="flex flex-wrap items-center gap-4">
      {shown}
      <div className="min-w-0">
        <div className="flex flex-wrap gap-2">
          <input
            ref={input}
            type="file"
            accept="image/*"
            aria-label={`Image file for the ${of}`}
            tabIndex={-1}
            className="sr-only"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? []
              event.currentTarget.value = ''
              if (file) void keep('choose', () => squareOf(file))
            }}
          />
          <Button
            variant="outline"
            busy={busy === 'choose'}
            className="max-sm:h-11"
            onClick={() => input.current?.click()}
          >
            <ImageUp aria-hidden />
            {has ? `Change ${of}` : `Add ${of}`}
          </Button>
          {has ? (
            <Button
              variant="ghost"
              busy={busy === 'remove'}
              className="max-sm:h-11"
              onClick={() => void keep('remove', () => Promise.resolve(null))}
            >
              <Trash2 aria-hidden />
              Remove {of}
            </Button>
          ) : null}
        </div>
        {error ? (
          <p role="alert" className="mt-1.5 text-[13px] text-destructive">
            {error}
          </p>
        ) : (
          <p className="mt-1.5 text-[13px] text-muted-foreground">Any image. Its middle is shown, as a square.</p>
        )}
      </div>
    </div>
  )
}
