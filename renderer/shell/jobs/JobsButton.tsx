// What is under way, at the foot of the window; opens the list.
import { useStore } from 'zustand';
import { jobs, showJobs, summaryText } from '../../studio/jobs/jobs';

export function JobsButton() {
  const text = useStore(jobs, summaryText);
  return (
    <button type="button" className="status-button" data-testid="status-jobs" aria-haspopup="dialog" onClick={() => showJobs(true)}>
      {text}
    </button>
  );
}
