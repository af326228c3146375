// The zoo by task, with a search box; networks that train on a laptop are marked.
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Task } from '@shared/model/spec';
import { zoo, type ZooEntry } from '@shared/model/zoo';
import { chooseModel, network } from '../../studio/network/network';

const TASKS: readonly (readonly [Task, string])[] = [
  ['classification', 'Classification'],
  ['face', 'Face recognition'],
  ['segmentation', 'Segmentation'],
];

export function ZooList() {
  const [query, setQuery] = useState('');
  const found = zoo.filter(({ name, title }) => `${name} ${title}`.toLowerCase().includes(query.toLowerCase()));
  return (
    <section className="panel" aria-label="Networks">
      <header>
        <h2>Networks</h2>
        <input
          type="search"
          className="push"
          placeholder="Search"
          aria-label="Search networks"
          value={query}
          onChange={(e) => setQuery(e.target.value)}
        />
      </header>
      <div className="zoo" data-testid="zoo">
        {TASKS.map(([task, title]) => (
          <Entries key={task} title={title} entries={found.filter((entry) => entry.task === task)} />
        ))}
        {found.length === 0 && <p className="empty">No network of that name.</p>}
      </div>
    </section>
  );
}

function Entries({ title, entries }: { readonly title: string; readonly entries: readonly ZooEntry[] }) {
  const chosen = useStore(network, (state) => state.entry);
  if (entries.length === 0) return null;
  return (
    <>
      <p className="zoo-heading">{title}</p>
      {[...entries]
        .sort((a, b) => Number(b.small) - Number(a.small))
        .map(({ name, title: text, small }) => (
          <button
            key={name}
            type="button"
            className="zoo-entry"
            aria-pressed={name === chosen}
            data-testid={`zoo-${name}`}
            onClick={() => chooseModel(name)}
          >
            {text}
            <small>
              {name}
              {small && ' · laptop'}
            </small>
          </button>
        ))}
    </>
  );
}
