// The inbox's words in both languages. Shared by its parts; knows nothing else.

import { language, translate } from "./staff.js";

const WORDS = {
  en: {
    inbox: "Inbox", admin: "Admin", leave: "Log out", name: "Your name, as shoppers see it", password: "Password", enter: "Log in",
    conversations: "Conversations", list: "All conversations", take: "Take over", return: "Hand back to the assistant",
    close: "Close", wishes: "What the assistant understood", items: "Shown last", liked: "Liked", answer: "Your answer",
    send: "Send", hint: "Enter sends, Shift+Enter begins a new line.", choose: "Choose a conversation.",
    waiting: "Waiting", mine: "With me", others: "With colleagues", closed: "Closed", empty: "Nobody",
    shopper: "Shopper", assistant: "Assistant", nothing: "Nothing yet", live: "Live", offline: "No connection; trying again",
    unread: "{n} unread", since: "since {time}", with: "with {name}", wait: "Too many attempts. Try again in {n} s.",
    wrong: "That is not the password.", trouble: "That did not work. Please try again.", gone: "This conversation has been deleted.",
    entered: "A person is in the conversation: {name}", signed: "signed in as {name}", unanswered: "not answered yet",
    takeover: "{name} is in this conversation. Take it over from them?", page: "on {page}",
  },
  zh: {
    inbox: "收件箱", admin: "管理", leave: "退出登录", name: "您的名字（顾客可见）", password: "密码", enter: "登录",
    conversations: "对话", list: "全部对话", take: "接手", return: "交还给助手",
    close: "结束", wishes: "助手的理解", items: "最近展示的商品", liked: "喜欢的商品", answer: "您的回复",
    send: "发送", hint: "按 Enter 发送，Shift+Enter 换行。", choose: "请选择一个对话。",
    waiting: "等待中", mine: "我接手的", others: "同事接手的", closed: "已结束", empty: "无",
    shopper: "顾客", assistant: "助手", nothing: "暂无", live: "已连接", offline: "连接中断，正在重试",
    unread: "{n} 条未读", since: "自 {time}", with: "{name} 接手", wait: "尝试次数过多，请 {n} 秒后再试。",
    wrong: "密码不正确。", trouble: "出了点问题，请再试一次。", gone: "这段对话已被删除。",
    entered: "人工客服已加入：{name}", signed: "已登录为 {name}", unanswered: "尚未回答",
    takeover: "{name} 正在这段对话中。要接手吗？", page: "页面：{page}",
  },
};

/** The words of the page's language. */
export let words = translate(WORDS, language);

export function speak(other) {
  words = translate(WORDS, other);
}

export const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
