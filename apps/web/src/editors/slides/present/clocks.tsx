'use client'
import { Pause, Play, RotateCcw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/classes.ts'
import { elapsedText, useStopwatch } from './stopwatch.ts'

/** How long the presentation has gone on. */
export function Stopwatch({ documentId }: { documentId: string }) {
  const watch = useStopwatch(`realtime.stopwatch/${documentId}`)
  return (
    <div className="flex items-center gap-1">
      <span
        role="timer"
        aria-label="Time since the start"
        data-testid="elapsed"
        className={cn('font-semibold text-lg tabular-nums', !watch.running && 'text-muted-foreground')}
      >
        {elapsedText(watch.elapsed)}
      </span>
      <Button
        variant="ghost"
        size="icon"
        aria-label={watch.running ? 'Pause the time' : 'Go on with the time'}
        onClick={watch.toggle}
      >
        {watch.running ? <Pause aria-hidden /> : <Play aria-hidden />}
      </Button>
      <Button variant="ghost" size="icon" aria-label="Reset the time" onClick={watch.reset}>
        <RotateCcw aria-hidden />
      </Button>
    </div>
  )
}

/** The time of day. */
export function WallClock() {
  const [time, setTime] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setTime(new Date()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time data-testid="clock" dateTime={time.toISOString()} className="text-lg text-muted-foreground tabular-nums">
      {time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}
    </time>
  )
}
