'use client'
import { ChevronLeft, ChevronRight, Moon, Users } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Tooltip } from '../../../ui/tooltip.tsx'
import { ScaledSlide } from '../view/slide-view.tsx'
import { type RemoteCommand, type ShowMessage, useShowChannel } from './channel.ts'
import { Stopwatch, WallClock } from './clocks.tsx'
import { press } from './keys.ts'
import { Notes } from './notes.tsx'
import { OpenDeck, type OpenedDeck } from './open-deck.tsx'
import { moved, type Place, placeAt, resolve, shown } from './place.ts'
import { showPath } from './ways.ts'

/** The presenter's own window: notes, what is next, the clock. It drives the show that is open in this browser. */
export function PresenterPage({ id }: { id: string }) {
  return (
    <OpenDeck id={id} name="Presenter">
      {(opened) => <Desk opened={opened} />}
    </OpenDeck>
  )
}

/** How often the show is asked whether it is there, in milliseconds; it is gone after two questions without answer. */
const ASK_MS = 2_000

function Desk({ opened }: { opened: OpenedDeck }) {
  const { deck, theme, images, documentId, self, title } = opened
  const slides = shown(deck.slides)
  const [place, setPlace] = useState<Place>(() => placeAt(deck.slides, null))
  const [black, setBlack] = useState(false)
  const [followers, setFollowers] = useState(0)
  const [unanswered, setUnanswered] = useState(0)
  const [digits, setDigits] = useState('')
  const connected = unanswered < 2
  const now = resolve(slides, place)
  const current = slides[now.index]
  const next = slides[now.index + 1]

  const heard = (message: ShowMessage) => {
    if (message.type === 'bye') setUnanswered(2)
    if (message.type !== 'state') return
    setUnanswered(0)
    setPlace((was) => resolve(slides, { slide: message.slide, index: was.index }))
    setBlack(message.black)
    setFollowers(message.followers)
  }
  const say = useShowChannel(documentId, self.id, heard, null)
  useEffect(() => {
    const ask = () => {
      setUnanswered((count) => count + 1)
      say({ type: 'hello' })
    }
    ask()
    const timer = setInterval(ask, ASK_MS)
    return () => clearInterval(timer)
  }, [say])

  const run = (command: RemoteCommand) => {
    say({ type: 'command', command })
    // The show answers in a moment with where it is; without one the window turns its own pages.
    if (command === 'black') setBlack(!black)
    else {
      setPlace(moved(slides, now, command))
      setBlack(false)
    }
  }
  const pressed = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented) return
    const { command, digits: typed, taken } = press(event, digits)
    if (!taken) return
    event.preventDefault()
    setDigits(typed)
    const remote = command && remoteOf(command)
    if (remote) run(remote)
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => pressed(event)
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <main
      id="main"
      tabIndex={-1}
      className="flex h-dvh flex-col overflow-hidden outline-none max-md:h-auto max-md:min-h-dvh max-md:overflow-visible"
    >
      <header className="flex flex-wrap items-center gap-x-5 gap-y-2 border-b px-5 py-3 max-md:px-4">
        <h1 dir="auto" className="min-w-0 flex-1 truncate text-left font-medium text-sm max-md:basis-full">
          {title}
        </h1>
        {connected && followers > 0 ? (
          <span
            className="flex items-center gap-1.5 text-[13px] text-muted-foreground tabular-nums"
            data-testid="following-count"
          >
            <Users aria-hidden className="size-4" />
            {followers} following
          </span>
        ) : null}
        <Stopwatch documentId={documentId} />
        <WallClock />
      </header>
      {connected ? null : (
        <Notice
          tone="warning"
          className="items-center rounded-none px-5"
          actions={
            <Button
              size="small"
              variant="outline"
              onClick={() => window.open(showPath(documentId, { slide: now.slide }), `show-${documentId}`)}
            >
              Open the show
            </Button>
          }
        >
          The show is not open in this browser.
        </Notice>
      )}
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1.4fr)_minmax(18rem,1fr)] gap-6 p-5 max-md:grid-cols-1 max-md:p-4">
        <section aria-label="Current slide" className="flex min-h-0 min-w-0 flex-col gap-3">
          <div className="aspect-video min-h-0 shrink">
            {current ? (
              <ScaledSlide
                fit
                slide={current}
                theme={theme}
                images={images}
                className="place-items-start overflow-visible"
                frame="rounded-md ring-1 ring-border"
              >
                {black ? (
                  <div className="absolute inset-0 grid place-items-center bg-black/90 font-medium text-3xl text-white">
                    The audience sees a black screen
                  </div>
                ) : null}
              </ScaledSlide>
            ) : (
              <p className="text-muted-foreground">There are no slides to show.</p>
            )}
          </div>
          {/* The focus stays with the window, whose keys go on then. */}
          <div className="flex items-center gap-2" onPointerDown={(event) => event.preventDefault()}>
            <Button
              variant="outline"
              size="large"
              aria-label="Previous"
              onClick={() => run('previous')}
              disabled={now.index === 0}
            >
              <ChevronLeft aria-hidden />
            </Button>
            <Button size="large" className="min-w-32 max-md:flex-1" onClick={() => run('next')} disabled={!next}>
              Next
              <ChevronRight aria-hidden />
            </Button>
            <Tooltip content="Black screen (B)">
              <Button
                variant={black ? 'primary' : 'outline'}
                size="large"
                aria-label="Black screen"
                aria-pressed={black}
                onClick={() => run('black')}
              >
                <Moon aria-hidden />
              </Button>
            </Tooltip>
            <span
              className="ml-auto font-medium text-muted-foreground text-sm tabular-nums"
              data-testid="counter"
              role="status"
            >
              {digits ? `Go to ${digits}` : `${slides.length === 0 ? 0 : now.index + 1} / ${slides.length}`}
            </span>
          </div>
          <div data-testid="next-slide" className="flex min-h-36 flex-1 flex-col max-md:min-h-0 max-md:flex-none">
            <h2 className="mb-1.5 font-medium text-muted-foreground text-xs">Next</h2>
            <div className="min-h-0 flex-1 max-md:aspect-video max-md:flex-none">
              {next ? (
                <ScaledSlide
                  fit
                  slide={next}
                  theme={theme}
                  images={images}
                  className="place-items-start overflow-visible"
                  frame="rounded-md ring-1 ring-border"
                />
              ) : (
                <div className="grid aspect-video h-full max-w-full place-items-center rounded-md border border-dashed text-muted-foreground text-sm">
                  This is the last slide
                </div>
              )}
            </div>
          </div>
        </section>
        <Notes notes={current?.notes ?? null} />
      </div>
    </main>
  )
}

/** What a presenter window can ask of a show; the rest is the show's own. */
function remoteOf(command: NonNullable<ReturnType<typeof press>['command']>): RemoteCommand | null {
  if (typeof command === 'object') return command.goto >= 1 ? command : null
  const known = ['next', 'previous', 'first', 'last', 'black'] as const
  return known.find((one) => one === command) ?? null
}
