'use client'
import { Popover as Base } from '@base-ui/react/popover'
import { setBackground, setLayout, setTheme, themes } from '@realtime/resources'
import { LayoutTemplate, PaintRoller, SwatchBook } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { cn } from '../../../ui/classes.ts'
import { popoverStyle } from '../../../ui/menu.tsx'
import { LayoutPicker } from '../list/layout-picker.tsx'
import { useStudio } from '../studio/studio.ts'
import { ScaledSlide } from '../view/slide-view.tsx'
import { ColorTool } from './color-tool.tsx'

const style = 'h-8 px-2 text-foreground/80 max-md:h-10 [&_svg]:size-[17px]'

/** What is set for a slide as a whole, and for the deck. */
export function DeckTools() {
  const { doc, deck, slide, slides, theme, images, change } = useStudio()
  return (
    <>
      {slide ? (
        <>
          <LayoutPicker
            title="Layout of this slide"
            theme={theme}
            current={slide.layout}
            align="end"
            onChoose={(layout) => change(() => setLayout(doc, slide.id, layout))}
            trigger={
              <Button variant="ghost" size="small" className={style} aria-label="Layout">
                <LayoutTemplate />
                <span className="max-xl:hidden">Layout</span>
              </Button>
            }
          />
          <ColorTool
            label="Background of the slide"
            icon={PaintRoller}
            theme={theme}
            value={slide.background}
            none="Of theme"
            onChange={(background) => change(() => setBackground(doc, slides, background))}
          />
        </>
      ) : null}
      <Base.Root>
        <Base.Trigger render={<Button variant="ghost" size="small" className={style} aria-label="Theme" />}>
          <SwatchBook />
          <span className="max-xl:hidden">Theme</span>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner className="z-50" align="end" sideOffset={6} collisionPadding={8}>
            <Base.Popup
              aria-label="Theme of the deck"
              className={cn(
                popoverStyle,
                'max-h-(--available-height) w-[min(23rem,calc(100vw-1rem))] overflow-y-auto p-3',
              )}
            >
              <p className="mb-2 font-medium text-muted-foreground text-xs">Theme of the deck</p>
              <div className="grid grid-cols-2 gap-3">
                {themes.map((one) => (
                  <button
                    key={one.id}
                    type="button"
                    aria-pressed={deck.theme === one.id}
                    onClick={() => change(() => setTheme(doc, one.id))}
                    className="group rounded-md text-left"
                  >
                    <span
                      aria-hidden
                      inert
                      className={cn(
                        'block overflow-hidden rounded-md ring-1 ring-border group-hover:ring-input',
                        deck.theme === one.id && 'ring-2 ring-primary group-hover:ring-primary',
                      )}
                    >
                      {slide ? <ScaledSlide slide={slide} theme={one} images={images} prompts /> : null}
                    </span>
                    <span className="mt-1 flex items-center gap-1.5 text-xs">
                      <span className="flex-1 truncate">{one.name}</span>
                      {(['accent', 'accent-2', 'surface'] as const).map((role) => (
                        <span
                          key={role}
                          aria-hidden
                          className="size-2.5 rounded-full ring-1 ring-foreground/10"
                          style={{ background: one.palette[role] }}
                        />
                      ))}
                    </span>
                  </button>
                ))}
              </div>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </>
  )
}
