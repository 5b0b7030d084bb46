import type { Block } from '@realtime/resources'

/** The first page of a new organization. */
export const welcome: readonly Block[] = [
  {
    type: 'paragraph',
    text: [
      'This is a document. Click anywhere and write: whoever has it open sees each letter as you type, and all of it is saved as you go.',
    ],
  },
  { type: 'heading', level: 2, text: ['Try it now'] },
  {
    type: 'taskList',
    items: [
      { done: true, text: ['Open your first document'] },
      {
        done: false,
        text: ['Press ', { text: '/', code: true }, ' on an empty line for headings, lists, quotes and code'],
      },
      { done: false, text: ['Select a few words and make them ', { text: 'bold', bold: true }, ' or a link'] },
      { done: false, text: ['Take a block by the handle beside it and drag it to another place'] },
      {
        done: false,
        text: [
          'Press ',
          { text: 'Ctrl K', code: true },
          ' or ',
          { text: '⌘ K', code: true },
          ' to find anything you wrote',
        ],
      },
    ],
  },
  { type: 'heading', level: 2, text: ['Write together'] },
  {
    type: 'paragraph',
    text: [
      'Press ',
      { text: 'Share', bold: true },
      ' to let people in: to look, to comment or to edit. You see who is here and where they write. Without a connection you just go on; everything comes together when you are back.',
    ],
  },
  {
    type: 'blockquote',
    text: ['Nothing gets lost: the history keeps earlier versions, and you can go back to any of them.'],
  },
  { type: 'heading', level: 2, text: ['Look around'] },
  {
    type: 'bulletList',
    items: [
      [{ text: 'A page below a page', bold: true }, ' lies below this one: open it in the sidebar'],
      [{ text: 'Think on a canvas', bold: true }, ' is room for sketches, boxes and arrows'],
      [{ text: 'A first deck', bold: true }, ' is a presentation, ready to be shown'],
    ],
  },
  {
    type: 'paragraph',
    text: [{ text: 'Done with all this? Move it to the trash. It can be restored for 30 days.', italic: true }],
  },
]

/** The page below it. */
export const nested: readonly Block[] = [
  { type: 'paragraph', text: ['Pages hold other pages, like folders that you can write in.'] },
  {
    type: 'orderedList',
    items: [
      ['Point at a page in the sidebar and add another one below it.'],
      ['Drag a page to where it belongs; what lies below comes along.'],
      ['Share a page, and all below it is shared as well.'],
    ],
  },
  { type: 'paragraph', text: ['Code has its place, too:'] },
  {
    type: 'codeBlock',
    language: 'javascript',
    text: "const ideas = people.flatMap((person) => person.ideas)\nconsole.log(ideas.length, 'ideas on one page')",
  },
]
