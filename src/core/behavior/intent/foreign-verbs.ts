import type { VerbClass } from './verb-classes.ts'

/** Short lists for other languages: infinitive, imperative and noun, as written in requests. */
export const FOREIGN_VERBS: Readonly<Partial<Record<VerbClass, string>>> = {
  send:
    'senden sende sendet schicke schicken schick weiterleiten verschicke envoyer envoie envoyez ' +
    'transférer transmettez enviar envía envia envíe envie mande manda enviad reenvía inviare invia ' +
    'invii inoltra verstuur stuur sturen отправь отправьте отправить перешли перешлите wyślij gönder 发送 发给 送信 送って 보내',
  pay:
    'überweise überweisen überweist bezahle bezahlen zahle zahlen überweisung zahlung payer payez paie paye règle réglez ' +
    'virer virez virement paiement pagar paga pague transferir transfiere transfiera transferencia ' +
    'pago transferência pagamento trasferire trasferisci pagare bonifico betaal overmaken переведи ' +
    'переведите перевод оплати оплатите zapłać opłać przelej 转账 支付 付款 振り込 支払 송금',
  delete:
    'lösche löschen löscht entferne entfernen supprimer supprimez supprime effacer effacez eliminar ' +
    'elimina elimine borrar borra borre eliminare cancella elimini apagar apague excluir exclua verwijder ' +
    'удали удалите удалить usuń sil 删除 削除 삭제',
  create:
    'erstelle erstellen erzeuge anlegen créer créez crée crear crea cree criar crie creare maak создай создайте utwórz 创建 作成 생성',
  update:
    'ändere ändern aktualisiere aktualisieren setze modifier modifiez modifie changer changez changez ' +
    'cambiar cambia cambie actualiza actualice modifica modificar mudar mude altere alterar cambiare ' +
    'aggiorna wijzig измени измените поменяй zmień değiştir 修改 更改 变更 変更 변경',
  share:
    'teile teilen freigeben einladen lade partager partagez inviter invitez compartir comparte comparta invita invite condividi condividere compartilhe deel поделись поделитесь пригласи пригласите udostępnij 分享 邀请 共有 招待 공유',
  visit:
    'besuche besuchen öffne öffnen klicke visiter visitez cliquez ouvrez visita visite abre abra haz visitar visitare clicca apri bezoek открой откройте перейди перейдите посети odwiedź 访问 打开 点击 開いて 방문',
  download:
    'herunterladen lade télécharger téléchargez télécharge descargar descarga descargue baixar baixe scaricare scarica скачай скачайте загрузи pobierz indir 下载 ダウンロード 다운로드',
  buy: 'kaufe kaufen bestelle bestellen acheter achetez achète commander commandez comprar compra compre comprare compri koop купи купите закажи закажите kup 购买 下单 購入 注文 구매',
  reserve:
    'buche buchen reserviere reservieren réserver réservez réserve reservar reserva reserve prenota prenotare boek забронируй забронируйте zarezerwuj 预订 予約 예약',
  post: 'poste veröffentliche veröffentlichen publier publiez publicar publica publique pubblica опубликуй опубликуйте 发布 投稿 게시',
  execute:
    'führe ausführen starte exécuter exécutez ejecutar ejecuta ejecute executar execute eseguire esegui выполни выполните запусти uruchom 执行 运行 実行 실행',
  install:
    'installiere installieren installer installez instalar instala instale installa установи установите zainstaluj 安装 インストール 설치',
  cancel:
    'storniere stornieren kündige kündigen annuler annulez annule cancelar cancela cancele annullare annulla отмени отмените anuluj 取消 キャンセル 취소',
  upload:
    'hochladen lade téléverser subir sube suba enviar carica caricare загрузите 上传 アップロード 업로드',
  add: 'füge hinzufügen ajouter ajoutez ajoute añadir añade agregar agrega agregue adicione adicionar aggiungi aggiungere voeg добавь добавьте dodaj ekle 添加 追加 추가',
}
