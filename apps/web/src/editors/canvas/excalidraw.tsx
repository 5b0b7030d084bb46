'use client'
// The one file that knows Excalidraw: its scene, its pictures, and its interface cut to what this product has.
import './assets.ts'
import {
  CaptureUpdateAction,
  Excalidraw,
  exportToBlob,
  exportToSvg,
  MainMenu,
  newElementWith,
} from '@excalidraw/excalidraw'
import '@excalidraw/excalidraw/index.css'
import type { FileId } from '@excalidraw/excalidraw/element/types'
import type {
  AppState,
  BinaryFileData,
  Collaborator,
  DataURL,
  ExcalidrawImperativeAPI,
  ExcalidrawProps,
  SocketId,
} from '@excalidraw/excalidraw/types'
import type { CanvasScene, SceneElement } from '@realtime/resources'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import type { Picture, PictureOptions } from './picture.ts'
import type { Pointer } from './presence.ts'

/** What part of the scene is in sight: a point of the scene is at `(x + scrollX) * zoom` of the stage. */
export interface View {
  scrollX: number
  scrollY: number
  zoom: number
}

/** Somebody else, as far as the stage draws them: what they selected, and where they point with the laser. */
export interface StagePerson {
  key: string
  name: string
  /** `#rrggbb` */
  color: string
  selected: readonly string[]
  laser: { x: number; y: number; down: boolean } | null
}

/** The stage as the rest of the editor sees it. */
export interface Stage extends CanvasScene {
  selected(): string[]
  /** The bytes of an image as a data URL. */
  image(fileId: string): string | undefined
  addImage(fileId: string, type: string, dataUrl: string): void
  /** Gives images another file: what they were drawn from is stored as `to` now. */
  renameImage(from: string, to: string): void
  setPeople(people: readonly StagePerson[]): void
  /** Brings all content in sight, not larger than it is. */
  fit(): void
  picture(options: PictureOptions): Promise<Picture>
}

interface CanvasStageProps {
  editable: boolean
  theme: 'light' | 'dark'
  /** The stage is there, and empty. @returns what is called before it goes */
  onReady(stage: Stage): () => void
  onChange(): void
  onView(view: View): void
  onPointer?(pointer: Pointer, down: boolean): void
  /** Something that Excalidraw would tell in a dialog. */
  onError(message: string): void
  /** Looks at an image first. @returns an id for it @throws Error for `onError` */
  admitImage?(file: File): Promise<string>
  children?: ReactNode
}

const options: ExcalidrawProps['UIOptions'] = {
  canvasActions: {
    changeViewBackgroundColor: false,
    export: false,
    loadScene: false,
    saveToActiveFile: false,
    saveAsImage: false,
    toggleTheme: false,
  },
}

/** Excalidraw, filling its parent. */
export function CanvasStage(props: CanvasStageProps) {
  const latest = useRef(props)
  latest.current = props
  const api = useRef<ExcalidrawImperativeAPI | null>(null)
  const leave = useRef<(() => void) | null>(null)

  // In the layout phase: Excalidraw still has its scene then.
  useLayoutEffect(
    () => () => {
      leave.current?.()
      leave.current = null
    },
    [],
  )

  return (
    <Excalidraw
      excalidrawAPI={(given) => {
        api.current = given
      }}
      onChange={(_, state) => {
        nameMenu()
        if (!api.current || state.isLoading) return
        if (state.errorMessage) {
          latest.current.onError(String(state.errorMessage))
          api.current.updateScene({ appState: { errorMessage: null } })
        }
        // Not before: the initial load would wipe what is shown.
        if (!leave.current) leave.current = latest.current.onReady(stageOf(api.current))
        latest.current.onChange()
        latest.current.onView({ scrollX: state.scrollX, scrollY: state.scrollY, zoom: state.zoom.value })
      }}
      onPointerUpdate={({ pointer, button }) => latest.current.onPointer?.(pointer, button === 'down')}
      generateIdForFile={props.admitImage}
      isCollaborating
      aiEnabled={false}
      viewModeEnabled={!props.editable}
      theme={props.theme}
      UIOptions={options}
      validateEmbeddable={false}
      renderEmbeddable={() => null}
    >
      <MainMenu>
        <MainMenu.DefaultItems.SearchMenu />
        <MainMenu.DefaultItems.Help />
        {props.editable ? <MainMenu.DefaultItems.ClearCanvas /> : null}
      </MainMenu>
      {props.children}
    </Excalidraw>
  )
}

/** Excalidraw's menu is a picture without a name. Narrow and wide screens have a button each, made anew. */
function nameMenu(): void {
  for (const button of document.getElementsByClassName('main-menu-trigger')) button.ariaLabel = 'Canvas menu'
}

type ExcalidrawElements = ReturnType<ExcalidrawImperativeAPI['getSceneElementsIncludingDeleted']>

function stageOf(api: ExcalidrawImperativeAPI): Stage {
  const elements = () => api.getSceneElementsIncludingDeleted() as unknown as readonly SceneElement[]
  const visible = () => elements().filter((element) => !element.isDeleted)
  const selected = () => Object.keys(api.getAppState().selectedElementIds)
  return {
    elements,
    drawing: () => api.getAppState().newElement?.id ?? null,
    busy: () => busyIn(api.getAppState()),
    show(list) {
      const elements = list as unknown as ExcalidrawElements
      api.updateScene({ elements, captureUpdate: CaptureUpdateAction.NEVER })
    },
    selected,
    image: (fileId) => api.getFiles()[fileId]?.dataURL,
    addImage(fileId, type, dataUrl) {
      api.addFiles([fileOf(fileId, type, dataUrl)])
    },
    renameImage(from, to) {
      const data = api.getFiles()[from]
      if (data) api.addFiles([{ ...data, id: to as FileId }])
      api.updateScene({
        elements: api
          .getSceneElementsIncludingDeleted()
          .map((element) =>
            element.type === 'image' && element.fileId === from
              ? newElementWith(element, { fileId: to as FileId, status: 'saved' })
              : element,
          ),
        captureUpdate: CaptureUpdateAction.NEVER,
      })
    },
    setPeople(people) {
      const collaborators = new Map(people.map((person) => [person.key as SocketId, collaboratorOf(person)]))
      api.updateScene({ collaborators })
    },
    fit() {
      const all = api.getSceneElements()
      if (all.length > 0) api.scrollToContent(all, { fitToContent: true, animate: false, maxZoom: 1, minZoom: 0.1 })
    },
    async picture({ format, background, selection }) {
      const shown = selection ? withParts(visible(), selected()) : visible()
      const given = exportOf(shown, api.getFiles(), background)
      if (format === 'svg') return svgOf(given)
      return exportToBlob({ ...given, mimeType: 'image/png', getDimensions: dimensionsOf })
    },
  }
}

/** An image as a stage holds it. */
export interface StageImage {
  id: string
  type: string
  dataUrl: string
}

/** Elements as a drawing, without a stage. */
export function drawingOf(elements: readonly SceneElement[], images: StageImage[]): Promise<Picture> {
  const files = images.map(({ id, type, dataUrl }) => [id, fileOf(id, type, dataUrl)])
  return svgOf(exportOf(elements, Object.fromEntries(files), 'light'))
}

type Export = Parameters<typeof exportToSvg>[0]

function exportOf(
  elements: readonly SceneElement[],
  files: Export['files'],
  background: PictureOptions['background'],
): Export {
  return {
    elements: elements as unknown as Export['elements'],
    files,
    exportPadding: 16,
    appState: {
      exportBackground: background !== 'none',
      exportWithDarkMode: background === 'dark',
      viewBackgroundColor: '#ffffff',
    },
  }
}

async function svgOf(given: Export): Promise<Picture> {
  const svg = await exportToSvg(given)
  return new Blob([svg.outerHTML], { type: 'image/svg+xml' })
}

function fileOf(id: string, type: string, dataUrl: string): BinaryFileData {
  const mimeType = type as BinaryFileData['mimeType']
  return { id: id as FileId, mimeType, dataURL: dataUrl as DataURL, created: Date.now() }
}

/** Twice the size, as far as browsers draw pictures that large. */
function dimensionsOf(width: number, height: number): { width: number; height: number; scale: number } {
  const scale = Math.min(2, 16_000 / Math.max(width, height), Math.sqrt(100_000_000 / (width * height)))
  return { width: width * scale, height: height * scale, scale }
}

/** The elements chosen, with the texts in them and what lies in a chosen frame. */
function withParts(elements: SceneElement[], chosen: string[]): SceneElement[] {
  const ids = new Set(chosen)
  return elements.filter(
    ({ id, containerId, frameId }) => ids.has(id) || ids.has(String(containerId)) || ids.has(String(frameId)),
  )
}

function busyIn(state: AppState): Set<string> {
  const ids = [
    state.newElement?.id,
    state.multiElement?.id,
    state.resizingElement?.id,
    state.editingTextElement?.id,
    state.editingLinearElement?.elementId,
    state.selectedLinearElement?.isDragging ? state.selectedLinearElement.elementId : null,
    state.croppingElementId,
    state.pendingImageElementId,
  ]
  const busy = new Set(ids.filter((id) => typeof id === 'string'))
  if (state.selectedElementsAreBeingDragged || state.isResizing || state.isRotating) {
    for (const id of Object.keys(state.selectedElementIds)) busy.add(id)
  }
  return busy
}

function collaboratorOf({ name, color, selected, laser }: StagePerson): Collaborator {
  return {
    id: String.fromCharCode(HUES + Math.round(hueOf(color) / 10)),
    username: name,
    selectedElementIds: Object.fromEntries(selected.map((id) => [id, true as const])),
    // Pointers are drawn by us, in the person's own colour; only the laser's trail is not.
    ...(laser
      ? {
          pointer: { x: laser.x, y: laser.y, tool: 'laser' as const, renderCursor: false, laserColor: color },
          button: laser.down ? ('down' as const) : ('up' as const),
        }
      : {}),
  }
}

/** Excalidraw colours people by a hash of their id, in steps of 10 degrees: that of one letter is its code modulo 37. */
const HUES = 37

function hueOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
  const most = Math.max(red, green, blue)
  const range = most - Math.min(red, green, blue)
  if (range === 0) return 0
  if (most === red) return (60 * ((green - blue) / range) + 360) % 360
  return most === green ? 60 * ((blue - red) / range) + 120 : 60 * ((red - green) / range) + 240
}
