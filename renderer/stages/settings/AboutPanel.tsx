// About the program: its versions, what it computes on, and the licences of everything that is shipped with it, as the build found them.
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { z } from 'zod';
import { messageOf } from '@shared/base/message-of';
import { Panel } from '../../studio/Stage';
import { connection } from '../../studio/studio';

const shippedPackage = z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() });
const shippedPackages = z.array(shippedPackage);
type ShippedPackage = z.infer<typeof shippedPackage>;

export function AboutPanel() {
  const { info, backends } = useStore(connection);
  return (
    <Panel title="About" testId="about">
      <dl className="facts">
        <dt>RepMLP Studio</dt>
        <dd data-testid="about-version">{info?.version ?? 'not connected'}</dd>
        <dt>Runs as</dt>
        <dd>{info ? `${info.host === 'desktop' ? 'a desktop app' : 'a service with a browser'} on ${info.platform}` : 'unknown'}</dd>
        {info?.versions.map(([name, version]) => (
          <Versions key={name} name={name} version={version} />
        ))}
        <Versions name="This window" version={navigator.userAgent} />
        {backends.map(({ name, available, note }) => (
          <Versions key={name} name={`Backend ${name}`} version={`${available ? 'can be used' : 'cannot be used'}: ${note}`} />
        ))}
      </dl>
      <p>
        Nothing is sent anywhere: the program has no telemetry, and fetches nothing but the data sets that you ask for. It does not update
        itself.
      </p>
      <Licences />
    </Panel>
  );
}

function Versions({ name, version }: { readonly name: string; readonly version: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{version}</dd>
    </>
  );
}

function Licences() {
  const [open, setOpen] = useState(false);
  const [list, setList] = useState<readonly ShippedPackage[] | string>([]);
  useEffect(() => {
    if (!open) return;
    void readLicences().then(setList, (error: unknown) => setList(messageOf(error)));
  }, [open]);
  return (
    <details data-testid="licences" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Licences of what is shipped with it</summary>
      {typeof list === 'string' && <p className="says-error">{`The licences cannot be read: ${list}`}</p>}
      {typeof list !== 'string' && (
        <ul className="licences">
          {list.map((shipped) => (
            <li key={`${shipped.name}@${shipped.version}`}>
              <details>
                <summary>{`${shipped.name} ${shipped.version}: ${shipped.licence}`}</summary>
                <pre>{shipped.text === '' ? 'The package brings no text of its licence.' : shipped.text}</pre>
              </details>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

async function readLicences(): Promise<readonly ShippedPackage[]> {
  const response = await fetch('/licences.json');
  if (!response.ok) throw new Error(`the program's file licences.json is missing (${response.status})`);
  return shippedPackages.parse(await response.json());
}
