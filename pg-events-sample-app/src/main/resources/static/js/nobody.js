import { showPeople } from './people.js';

showPeople(null).catch((error) => console.error(error));
