'use client'
import type { AuditEntry } from '@realtime/contracts'
import { ChevronRight } from 'lucide-react'
import { deviceOf } from '../security/device.ts'
import { auditWords, byName, targetName } from './audit-words.ts'

const when = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
const exactly = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' })

/** One act; opened, with all that is known of it. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const facts: [string, string][] = [
    ['When', exactly.format(new Date(entry.at))],
    ['By', `${byName(entry)} (${entry.by.principal})`],
    ...(entry.target
      ? [['What', `${entry.target.name} (${entry.target.type} ${entry.target.id})`] as [string, string]]
      : []),
    ...Object.entries(entry.detail).map(([name, value]): [string, string] => [
      name.charAt(0).toUpperCase() + name.slice(1),
      value,
    ]),
    ...(entry.address ? [['Address', entry.address] as [string, string]] : []),
    ...(entry.device ? [['Device', deviceOf(entry.device).name] as [string, string]] : []),
    ['Type', entry.type],
  ]
  return (
    <li>
      <details className="group">
        <summary className="flex list-none items-baseline gap-3 rounded-lg px-4 py-2.5 hover:bg-accent/50 max-sm:flex-wrap max-sm:gap-y-0.5 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="size-3.5 shrink-0 self-center text-faint transition-transform duration-100 group-open:rotate-90"
          />
          <span className="min-w-0 flex-1 break-words text-[13px]">
            <bdi className="break-words font-medium">{byName(entry)}</bdi> {auditWords[entry.type]}
            {targetName(entry) ? (
              <>
                {': '}
                <bdi className="break-words">{targetName(entry)}</bdi>
              </>
            ) : null}
          </span>
          <time dateTime={entry.at} className="shrink-0 text-muted-foreground text-xs max-sm:ml-6.5 max-sm:w-full">
            {when.format(new Date(entry.at))}
          </time>
        </summary>
        <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1 border-t bg-muted px-4 py-3 text-xs">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted-foreground">{name}</dt>
              <dd dir="auto" className="min-w-0 break-words">
                {value}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  )
}
