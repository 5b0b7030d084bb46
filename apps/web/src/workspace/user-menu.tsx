'use client'
import { authApi, colorOf } from '@realtime/contracts'
import { useMutation } from '@tanstack/react-query'
import { LogOut, Settings } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { toast } from 'sonner'
import { enter } from '../account/enter.ts'
import { messageOf } from '../account/problems.ts'
import { api } from '../api.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { forgetChoices } from './current.ts'
import { isTheme, type Theme, themes } from './theme.tsx'
import { useWorkspace } from './workspace.tsx'

/** Ends the session and forgets what this device remembers of the person. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => api(authApi.signOut, {}),
    onSuccess: () => {
      forgetChoices()
      enter('/sign-in')
    },
    onError: (error) => toast.error('You are still signed in', { description: messageOf(error) }),
  })
}

/** Who is signed in; theme, settings, signing out. */
export function UserMenu() {
  const { me } = useWorkspace()
  const router = useRouter()
  const { theme, setTheme } = useTheme()
  const signOut = useSignOut()
  return (
    <Menu
      side="top"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={`Account: ${me.name}`}
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-md px-1.5 text-left hover:bg-sidebar-accent data-popup-open:bg-sidebar-accent max-md:h-11"
        >
          <Avatar name={me.name} image={me.image} color={colorOf(me.id)} className="size-6 text-[10px]" />
          <span className="min-w-0 flex-1 truncate text-[13px]">{me.name}</span>
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-2">
        <p className="truncate font-medium text-[13px]">{me.name}</p>
        <p className="truncate text-muted-foreground text-xs">{me.email}</p>
      </div>
      <MenuSeparator />
      <MenuChoice<Theme>
        label="Theme"
        value={isTheme(theme) ? theme : 'system'}
        onChange={setTheme}
        choices={themes.map(({ value, label, icon: Icon }) => ({
          value,
          label: (
            <>
              <Icon />
              {label}
            </>
          ),
        }))}
      />
      <MenuSeparator />
      <MenuItem onClick={() => router.push('/settings')}>
        <Settings />
        Settings
      </MenuItem>
      <MenuItem onClick={() => signOut.mutate()}>
        <LogOut />
        Sign out
      </MenuItem>
    </Menu>
  )
}
