// The window's entry: theme, shortcuts, connection, then the frame.
import { createRoot } from 'react-dom/client';
import { setUpKeyboard } from './commands/keyboard';
import { setUpConnection } from './state/connect';
import { setUpTheme } from './state/theme';
import { App } from './ui/frame/App';
import { loadStagesWhenIdle } from './ui/frame/StageView';
import { setUpLocale } from './ui/locale';
import './ui/theme.css';
import './ui/controls.css';
import './ui/frame/frame.css';

setUpLocale();
setUpTheme();
setUpKeyboard();
void setUpConnection();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
loadStagesWhenIdle();
