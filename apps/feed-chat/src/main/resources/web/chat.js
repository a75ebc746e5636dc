'use strict';

/*
 * The page's end of the protocol in docs/chat.md.
 *
 * It remembers the last index that it has seen of its room, and joins again behind it: so nothing is
 * missing or shown twice, whichever worker it finds. A post is kept until the log has it or refuses
 * it, and sent again under its id after a lost connection; the log takes an id once.
 */

const POSTS_SHOWN_MAX = 500;
const FIRST_POSTS = 50;
// as many of a user's ids as the log remembers
const UNDER_WAY_MAX = 16;
const PAUSE_MIN_MILLIS = 250;
const PAUSE_MAX_MILLIS = 8000;
const SILENCE_MILLIS = 10000;

const by = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/* ---- what is shown ---- */

const shown = {
  list: by('posts'),

  clear() {
    this.list.replaceChildren();
  },

  add(item) {
    const follows = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 40;
    this.list.append(item);
    while (this.list.childElementCount > POSTS_SHOWN_MAX) {
      this.list.firstElementChild.remove();
    }
    if (follows) {
      this.newest();
    } else {
      by('newest').hidden = false;
    }
  },

  newest() {
    this.list.scrollTop = this.list.scrollHeight;
    by('newest').hidden = true;
  },

  post(post) {
    const item = element('li');
    item.dataset.index = post.index;
    item.dataset.id = post.id;
    if (post.withheld !== undefined) {
      item.append(element('span', 'notice', 'A post was withheld: its author is banned.'));
    } else {
      const at = new Date(post.at);
      const when = element('time', '', time.format(at));
      when.dateTime = at.toISOString();
      item.append(when, element('span', 'who', post.user), element('span', 'what', post.text));
      if (chat.moderator) {
        const ban = element('button', '', 'Ban');
        ban.type = 'button';
        ban.setAttribute('aria-label', `Ban ${post.user}`);
        ban.addEventListener('click', () => {
          by('banned').value = post.user;
          by('reason').focus();
        });
        item.append(ban);
      }
    }
    this.add(item);
  },

  pending(post) {
    const item = element('li', 'pending');
    item.dataset.pending = post.id;
    item.append(element('span', 'who', chat.user), element('span', 'what', post.text));
    this.add(item);
  },

  settled(id, why) {
    const item = this.list.querySelector(`[data-pending="${id}"]`);
    if (!item) {
      return;
    }
    if (why === undefined) {
      item.remove();
    } else {
      delete item.dataset.pending;
      item.className = 'failed';
      item.append(element('span', 'why', why));
    }
  },

  notice(text) {
    const item = element('li');
    item.append(element('span', 'notice', text));
    this.add(item);
  },

  state(here, text) {
    by('status').dataset.state = here ? 'here' : 'away';
    by('status').textContent = text;
  },
};

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/* ---- the connection ---- */

const chat = {
  user: '',
  token: '',
  moderator: false,
  room: '',
  last: null,
  underWay: new Map(),
  socket: null,
  welcomed: false,
  attempts: 0,
  workers: workers(),

  open() {
    clearTimeout(this.again);
    const socket = new WebSocket(this.workers[this.attempts % this.workers.length]);
    this.socket = socket;
    this.welcomed = false;
    const tooLong = setTimeout(() => socket.close(), SILENCE_MILLIS);
    socket.addEventListener('open', () => {
      const hello = { type: 'hello', user: this.user };
      if (this.token) {
        hello.token = this.token;
      }
      this.send(hello);
    });
    socket.addEventListener('message', (event) => {
      clearTimeout(tooLong);
      if (socket === this.socket) {
        this.take(JSON.parse(event.data));
      }
    });
    socket.addEventListener('close', (event) => {
      clearTimeout(tooLong);
      if (socket === this.socket) {
        this.lost(event);
      }
    });
  },

  send(frame) {
    this.socket.send(JSON.stringify(frame));
  },

  lost(event) {
    this.socket = null;
    this.welcomed = false;
    if (event.code === 4401 || event.code === 4403) {
      leave(event.code === 4401 ? 'That is not the moderators\u2019 token.' : 'Nobody can have that name here.');
      return;
    }
    const pause = Math.min(PAUSE_MAX_MILLIS, PAUSE_MIN_MILLIS * 2 ** Math.min(this.attempts, 10));
    this.attempts++;
    shown.state(false, 'Connecting again');
    this.again = setTimeout(() => this.open(), pause * (0.5 + Math.random() / 2));
  },

  take(frame) {
    const handler = answers[frame.type];
    if (handler) {
      handler(frame);
    }
  },

  join() {
    const join = { type: 'join', room: this.room };
    if (this.last === null) {
      join.last = FIRST_POSTS;
    } else {
      join.after = this.last;
    }
    this.send(join);
  },

  enterRoom(room) {
    if (room === this.room) {
      return;
    }
    if (this.welcomed && this.room) {
      this.send({ type: 'leave', room: this.room });
    }
    this.room = room;
    this.last = null;
    shown.clear();
    document.title = `${room} \u2013 feed-chat`;
    history.replaceState(null, '', `#${room}`);
    if (this.welcomed) {
      this.join();
    }
  },

  post(text) {
    const post = { type: 'post', id: newId(), room: this.room, text };
    this.underWay.set(post.id, post);
    shown.pending(post);
    if (this.welcomed) {
      this.send(post);
    }
  },
};

const answers = {
  welcome(frame) {
    chat.welcomed = true;
    chat.attempts = 0;
    chat.moderator = frame.moderator;
    by('moderate').hidden = !frame.moderator;
    shown.state(true, `${chat.user}, by worker ${frame.worker}`);
    chat.join();
    chat.underWay.forEach((post) => chat.send(post));
  },

  joined(frame) {
    if (frame.room === chat.room && chat.last === null) {
      chat.last = frame.from - 1;
    }
  },

  posts(frame) {
    if (frame.room !== chat.room) {
      return;
    }
    for (const post of frame.posts) {
      chat.last = post.index;
      chat.underWay.delete(post.id);
      shown.settled(post.id);
      shown.post(post);
    }
  },

  skipped(frame) {
    if (frame.room === chat.room) {
      chat.last = frame.to;
      shown.notice(`Posts ${frame.from} to ${frame.to} cannot be shown any more.`);
    }
  },

  posted(frame) {
    const post = chat.underWay.get(frame.id);
    chat.underWay.delete(frame.id);
    if (post && post.room !== chat.room) {
      shown.settled(frame.id);
    }
  },

  rejected(frame) {
    chat.underWay.delete(frame.id);
    // one that was let in before is there, or on its way
    shown.settled(frame.id, frame.reason === 'banned' ? 'not delivered: you are banned' : undefined);
  },

  refused(frame) {
    if (frame.id !== undefined) {
      refusedPost(frame);
    } else if (frame.room !== undefined) {
      note(`Room ${frame.room}: ${frame.reason}`);
      if (frame.reason === 'unavailable' && frame.room === chat.room) {
        setTimeout(() => chat.welcomed && frame.room === chat.room && chat.join(), 1000);
      }
    } else {
      note(`${frame.user}: ${frame.reason}`);
    }
  },

  unknown(frame) {
    const post = chat.underWay.get(frame.id);
    if (post) {
      chat.send(post);
    } else if (frame.user !== undefined) {
      note(`Nobody knows whether that of ${frame.user} was written; try again`);
    }
  },

  banned(frame) {
    shown.notice(`${frame.user} is banned.`);
  },

  unbanned(frame) {
    shown.notice(`${frame.user} is not banned any more.`);
  },
};

function refusedPost(frame) {
  const post = chat.underWay.get(frame.id);
  if (post && (frame.reason === 'too-fast' || frame.reason === 'too-many' || frame.reason === 'unavailable')) {
    setTimeout(() => {
      if (chat.welcomed && chat.underWay.has(post.id)) {
        chat.send(post);
      }
    }, frame.retryAfterMillis ?? 1000);
    return;
  }
  chat.underWay.delete(frame.id);
  shown.settled(frame.id, `not sent: ${frame.reason}`);
}

/* This page's own worker first, then the others that it was told of. */
function workers() {
  const others = document.querySelector('meta[name="workers"]').content.split(' ');
  return [location.origin, ...others.filter((origin) => origin && origin !== location.origin)].map(
    (origin) => `${origin.replace(/^http/, 'ws')}/chat`,
  );
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function note(text) {
  by('note').textContent = text;
}

/* ---- what people do ---- */

function leave(why) {
  by('chat').hidden = true;
  by('room-form').hidden = true;
  by('enter').hidden = false;
  by('enter-error').textContent = why;
  shown.state(false, 'Not connected');
  by('user').focus();
}

by('enter').addEventListener('submit', (event) => {
  event.preventDefault();
  chat.user = by('user').value.trim();
  chat.token = by('token').value;
  by('token').value = '';
  by('enter-error').textContent = '';
  by('enter').hidden = true;
  by('chat').hidden = false;
  by('room-form').hidden = false;
  chat.enterRoom(/^#[a-z0-9][a-z0-9-]{0,63}$/.test(location.hash) ? location.hash.slice(1) : 'lobby');
  by('room').value = chat.room;
  shown.state(false, 'Connecting');
  chat.open();
  by('text').focus();
});

by('room-form').addEventListener('submit', (event) => {
  event.preventDefault();
  chat.enterRoom(by('room').value);
  by('text').focus();
});

by('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = by('text').value.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ').trim();
  if (!text) {
    return;
  }
  if (chat.underWay.size >= UNDER_WAY_MAX) {
    note('Too many of your posts are under way; wait a moment.');
    return;
  }
  note('');
  chat.post(text);
  by('text').value = '';
});

by('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    by('say').requestSubmit();
  }
});

by('moderate').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!chat.welcomed) {
    note('Not connected; try again in a moment.');
    return;
  }
  const user = by('banned').value.trim();
  const type = event.submitter?.value ?? 'ban';
  chat.send(type === 'ban' ? { type, user, reason: by('reason').value } : { type, user });
});

by('newest').addEventListener('click', () => {
  shown.newest();
  by('text').focus();
});

by('posts').addEventListener('scroll', () => {
  const list = by('posts');
  if (list.scrollHeight - list.scrollTop - list.clientHeight < 40) {
    by('newest').hidden = true;
  }
});

by('user').focus();
