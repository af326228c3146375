// The window's entry: theme, shortcuts, connection, then the frame.
import { createRoot } from 'react-dom/client';
import { setUpKeyboard } from './shell/commands';
import { setUpConnection } from './shell/connect';
import { setUpPlaces } from './shell/places';
import { setUpClosing } from './studio/jobs/jobs';
import { setUpTheme } from './studio/theme';
import { watchTextFields } from './studio/undo/text-fields';
import { setUpUndo } from './studio/undo/undo';
import { followLinks, showProjector } from './stages/lesson';
import { App } from './shell/App';
import { loadStagesWhenIdle } from './shell/StageView';
import { setUpLocale } from './ui/locale';
import './ui/theme.css';
import './ui/controls.css';
import './shell/frame.css';

setUpLocale();
setUpTheme();
setUpPlaces();
showProjector();
followLinks();
setUpKeyboard();
watchTextFields();
setUpUndo();
setUpClosing();
void setUpConnection();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
loadStagesWhenIdle();
