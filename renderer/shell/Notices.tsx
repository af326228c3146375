// The notice area: errors and news, read out to screen readers as they come.
import { useStore } from 'zustand';
import { dismiss, notices } from '../studio/notices';
import { Icon } from '../studio/icons';

export function Notices() {
  const list = useStore(notices, (state) => state.list);
  return (
    <div className="notices" role="log" aria-live="polite" data-testid="notices">
      {list.map(({ id, tone, text }) => (
        <div key={id} className={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'} data-testid={`notice-${tone}`}>
          <span>{text}</span>
          <button type="button" className="button quiet" aria-label="Close this message" onClick={() => dismiss(id)}>
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
