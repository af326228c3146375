// The window's entry: theme, shortcuts, connection, then the frame.
import { createRoot } from 'react-dom/client';
import { setUpKeyboard } from './shell/commands';
import { setUpConnection } from './shell/connect';
import { setUpPlaces } from './shell/places';
import { recallAlone } from './studio/network/remembered';
import { setUpTheme } from './studio/theme';
import { followLinks, showProjector } from './stages/lesson';
import { App } from './shell/App';
import { loadStagesWhenIdle } from './shell/StageView';
import { setUpLocale } from './ui/locale';
import './ui/theme.css';
import './ui/controls.css';
import './shell/frame.css';

setUpLocale();
setUpTheme();
recallAlone();
setUpPlaces();
showProjector();
followLinks();
setUpKeyboard();
void setUpConnection();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
loadStagesWhenIdle();
