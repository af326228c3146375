// The command palette (Ctrl/Cmd+K): every command, searchable, with its shortcut.
import { Command as Menu } from 'cmdk';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { canRun, isMac, keysText, type Command } from '../studio/command';
import { commands } from './commands';
import { navigation, showPalette } from '../studio/navigation';
import { openHelp } from '../studio/help/help';
import { helpPages, loadHelp } from '../studio/help/pages';
import { attempt } from '../studio/notices';

export function Palette() {
  const open = useStore(navigation, (state) => state.paletteOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!open) return dialog.current?.close();
    dialog.current?.showModal();
    input.current?.focus();
  }, [open]);
  return (
    <dialog ref={dialog} className="palette" aria-label="Commands" data-testid="palette" onClose={() => showPalette(false)}>
      {open && (
        <Menu label="Commands" filter={found}>
          <Menu.Input ref={input} placeholder="Type a command" />
          <Menu.List>
            <Menu.Empty>No command of that name.</Menu.Empty>
            {groups().map(([group, members]) => (
              <Menu.Group key={group} heading={group}>
                {members.map((command) => (
                  <Entry key={command.id} command={command} />
                ))}
              </Menu.Group>
            ))}
            <HelpEntries />
          </Menu.List>
        </Menu>
      )}
    </dialog>
  );
}

/** How well a command answers a query, 0 to 1: every word of it has to begin a word of the command's name, or of those it is also looked for by. */
export function found(name: string, query: string, words: readonly string[] = []): number {
  const asked = wordsOf(query);
  const named = wordsOf(name);
  const all = [...named, ...words.flatMap(wordsOf)];
  if (!asked.every((word) => all.some((one) => one.startsWith(word)))) return 0;
  const inName = asked.filter((word) => named.some((one) => one.startsWith(word))).length;
  const whole = asked.filter((word) => all.includes(word)).length;
  return (1 + 2 * inName + whole) / (1 + 3 * Math.max(1, asked.length));
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

function Entry({ command }: { readonly command: Command }) {
  const run = () => {
    showPalette(false);
    void attempt(command.run);
  };
  return (
    <Menu.Item
      value={`${command.group} ${command.label}`}
      keywords={command.words?.split(' ')}
      disabled={!canRun(command)}
      onSelect={run}
      data-testid={`palette-${command.id}`}
    >
      <span>{command.label}</span>
      {command.keys && <kbd>{keysText(command.keys, isMac())}</kbd>}
    </Menu.Item>
  );
}

/** The pages of help, found by title and by their first words. */
function HelpEntries() {
  const { pages } = useStore(helpPages);
  useEffect(() => void attempt(loadHelp), []);
  const show = (name: string): void => {
    showPalette(false);
    openHelp(name);
  };
  return (
    <Menu.Group heading="Help">
      {pages.map(({ name, title, text }) => (
        <Menu.Item
          key={name}
          value={`Help ${title}`}
          keywords={headingsOf(text)}
          onSelect={() => show(name)}
          data-testid={`palette-help-${name}`}
        >
          <span>{title}</span>
        </Menu.Item>
      ))}
    </Menu.Group>
  );
}

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^##+ (.+)$|\*\*([^*]+)\*\*/gm)].map(([, heading, word]) => heading ?? word);
}

function groups(): [string, Command[]][] {
  const byGroup = new Map<string, Command[]>();
  for (const command of commands) byGroup.set(command.group, [...(byGroup.get(command.group) ?? []), command]);
  return [...byGroup];
}
