import { createRoot } from 'react-dom/client';
import '../../src/style.css';
import { App } from './app.tsx';
import './dashboard.css';

const place = document.getElementById('app');
if (place === null) throw new Error('no place for the dashboard');
createRoot(place).render(<App />);
