// Whether the browser tells of jobs that have ended. On the desktop the program itself does.
import { useState } from 'react';
import { useStore } from 'zustand';
import { attempt } from '../../studio/notices';
import { connection } from '../../studio/studio';

export function SaySoSwitch() {
  const isBrowser = useStore(connection, ({ info }) => info?.host === 'browser');
  const [permission, setPermission] = useState(() => globalThis.Notification?.permission ?? 'denied');
  if (!isBrowser) return null;
  if (permission === 'granted') return <p className="faint">The system tells when a long job has ended while you look elsewhere.</p>;
  if (permission === 'denied') return <p className="faint">The browser does not let this page tell by the system when a job has ended.</p>;
  const ask = async (): Promise<void> => setPermission(await Notification.requestPermission());
  return (
    <button type="button" className="button" data-testid="jobs-tell" onClick={() => void attempt(ask)}>
      Let the system tell when a long job has ended
    </button>
  );
}
